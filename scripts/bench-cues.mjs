#!/usr/bin/env node
// npm run bench:cues: sets up what is missing, then prints how well voices are measured and judged.
import { inProject } from './set-up/project.mjs';
import { endCommandsOnSignals } from './set-up/run-command.mjs';
import { runInForeground } from './set-up/run-in-foreground.mjs';
import { ensureSetUp } from './setup.mjs';

const stopEnding = endCommandsOnSignals();
try {
  const { node } = await ensureSetUp({ forTests: true });
  stopEnding();
  // --train: learns the model anew instead of judging it.
  const file = process.argv.includes('--train') ? 'train.ts' : 'main.ts';
  const options = process.argv.slice(2).filter((option) => option !== '--train');
  process.exitCode = await runInForeground(node, [inProject('test', 'bench', 'cues', file), ...options]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
