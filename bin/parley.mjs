#!/usr/bin/env node
// The command line, on a Node that runs our TypeScript: this one if it is new enough, else the one that set-up brought.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { hostIsNewEnough, projectNode } from '../scripts/set-up/node-toolchain.mjs';
import { inProject } from '../scripts/set-up/project.mjs';
import { runInForeground } from '../scripts/set-up/run-in-foreground.mjs';

// A clone has the source, which is never out of date; a packaged app has only what was built.
const cli = [inProject('main', 'cli.ts'), inProject('out', 'main', 'cli.js')].find((path) => existsSync(path));
const node = projectNode();

if (!existsSync(node) || !existsSync(inProject('node_modules', 'zod'))) {
  console.error('Parley is not set up yet. Run: npm run setup');
  process.exitCode = 1;
} else if (hostIsNewEnough()) {
  process.argv[1] = cli;
  await import(pathToFileURL(cli).href);
} else {
  process.exitCode = await runInForeground(node, [cli, ...process.argv.slice(2)]);
}
