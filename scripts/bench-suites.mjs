#!/usr/bin/env node
// npm run bench:suites: sets up what is missing, then the shipped suites on the architectures of this machine, without network.
//   npm run bench:suites -- --out DIR --shard 1/4 …      as of `npx parley bench run all`
import { runAfterSetUp } from './run-after-set-up.mjs';
import { inProject } from './set-up/project.mjs';

const COMMAND = ['bench', 'run', 'all', '--arch', 'cascade,naive-cascade,loopback'];
await runAfterSetUp([inProject('main', 'cli.ts'), ...COMMAND, ...process.argv.slice(2)]);
