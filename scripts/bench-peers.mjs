#!/usr/bin/env node
// npm run bench:peers: sets up what is missing, then measures. Options: npm run bench:peers -- --help
import { inProject } from './set-up/project.mjs';
import { endCommandsOnSignals } from './set-up/run-command.mjs';
import { runInForeground } from './set-up/run-in-foreground.mjs';
import { ensureSetUp } from './setup.mjs';

const stopEnding = endCommandsOnSignals();
try {
  const { node } = await ensureSetUp({ forTests: true });
  stopEnding();
  process.exitCode = await runInForeground(node, [
    inProject('test', 'bench', 'peers', 'main.ts'),
    ...process.argv.slice(2),
  ]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
