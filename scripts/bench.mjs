#!/usr/bin/env node
// npm run bench, bench:turns, …: sets up what is missing, then measures.
//   node scripts/bench.mjs FILE [options of the bench]      FILE under test/bench; options: npm run bench:turns -- --help
import { inProject } from './set-up/project.mjs';
import { endCommandsOnSignals } from './set-up/run-command.mjs';
import { runInForeground } from './set-up/run-in-foreground.mjs';
import { ensureSetUp } from './setup.mjs';

const [file, ...options] = process.argv.slice(2);
const stopEnding = endCommandsOnSignals();
try {
  const { node } = await ensureSetUp({ forTests: true });
  stopEnding();
  process.exitCode = await runInForeground(node, [inProject('test', 'bench', file), ...options]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
