#!/usr/bin/env node
// npm run bench:endpointing: sets up what is missing, then prints how well the end of a turn is known at every pause of labelled clips.
import { inProject } from './set-up/project.mjs';
import { endCommandsOnSignals } from './set-up/run-command.mjs';
import { runInForeground } from './set-up/run-in-foreground.mjs';
import { ensureSetUp } from './setup.mjs';

const stopEnding = endCommandsOnSignals();
try {
  const { node } = await ensureSetUp({ forTests: true });
  stopEnding();
  process.exitCode = await runInForeground(node, [inProject('test', 'bench', 'endpointing', 'main.ts')]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
