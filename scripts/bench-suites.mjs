#!/usr/bin/env node
// npm run bench:suites: sets up what is missing, then the shipped suites on the architectures of this machine, without network.
//   npm run bench:suites -- --out DIR --shard 1/4 …      as of `npx parley bench run all`
import { inProject } from './set-up/project.mjs';
import { endCommandsOnSignals } from './set-up/run-command.mjs';
import { runInForeground } from './set-up/run-in-foreground.mjs';
import { ensureSetUp } from './setup.mjs';

const COMMAND = ['bench', 'run', 'all', '--arch', 'cascade,naive-cascade,loopback'];
const stopEnding = endCommandsOnSignals();
try {
  const { node } = await ensureSetUp();
  stopEnding();
  process.exitCode = await runInForeground(node, [inProject('main', 'cli.ts'), ...COMMAND, ...process.argv.slice(2)]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
