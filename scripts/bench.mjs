#!/usr/bin/env node
// npm run bench, bench:turns, …: sets up what is missing, then measures.
//   node scripts/bench.mjs FILE [options of the bench]      FILE under test/bench; options: npm run bench:turns -- --help
import { runAfterSetUp } from './run-after-set-up.mjs';
import { inProject } from './set-up/project.mjs';

const [file, ...options] = process.argv.slice(2);
await runAfterSetUp([inProject('test', 'bench', file), ...options], { forTests: true });
