#!/usr/bin/env node
// npm run test:hosted: sets up what is missing, then talks to the hosted models whose keys are there. Options: npm run test:hosted -- --help
import { runAfterSetUp } from './run-after-set-up.mjs';
import { inProject } from './set-up/project.mjs';

await runAfterSetUp([inProject('test', 'hosted', 'main.ts'), ...process.argv.slice(2)], { forTests: true });
