#!/usr/bin/env node
// npm start: sets up what is missing and opens the app, in Electron where that is possible, else through the web host.
import { existsSync } from 'node:fs';
import { findElectron } from './set-up/electron-binary.mjs';
import { inProject } from './set-up/project.mjs';
import { endCommandsOnSignals } from './set-up/run-command.mjs';
import { runInForeground } from './set-up/run-in-foreground.mjs';
import { ensureSetUp } from './setup.mjs';

const args = process.argv.slice(2);
const webHost = inProject('out', 'main', 'node-main.js');
// Code that was compiled by the last start is not compiled again, in the app and its children: 0.5 s of a start on two cores.
const env = { NODE_COMPILE_CACHE: inProject('node_modules', '.cache', 'compiled'), ...process.env };

const stopEnding = endCommandsOnSignals();
try {
  const { node } = await ensureSetUp();
  const servesOnly = args.includes('--no-open') || args.includes('--help');
  const electron = servesOnly ? { reason: null } : await findElectron();
  stopEnding();
  if (electron.path) {
    process.exitCode = await runInForeground(electron.path, [inProject('.'), ...args], { env });
  } else {
    if (electron.reason)
      console.log(`No Electron window: ${electron.reason}. Opening the same app through the web host.`);
    if (!existsSync(webHost)) throw new Error('The app is not built (out/main/node-main.js is missing).');
    process.exitCode = await runInForeground(node, [webHost, ...args], { env });
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
