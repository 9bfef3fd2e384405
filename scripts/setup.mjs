#!/usr/bin/env node
// Everything between a fresh clone and a project that runs. Plain JavaScript without dependencies, for Node 18 and later.
//   node scripts/setup.mjs [--tests]
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { appBuild } from './set-up/app-build.mjs';
import { nativeAddons } from './set-up/native-addons.mjs';
import { nodeToolchain, projectNode } from './set-up/node-toolchain.mjs';
import { packages } from './set-up/packages.mjs';
import { endCommandsOnSignals } from './set-up/run-command.mjs';
import { takeSetUpLock } from './set-up/set-up-lock.mjs';
import { starterModels } from './set-up/starter-models.mjs';
import { systemPackages } from './set-up/system-packages.mjs';

const say = (line) => console.log(line);

/**
 * Does what is still to be done, which is nothing and takes a few milliseconds when all is in order. Returns the path of the
 * Node that runs the project. Throws when a step fails that the app cannot do without.
 */
export async function ensureSetUp({ forTests = false } = {}) {
  // What stands in one row is done at once: it waits for different things.
  const rows = [
    [nodeToolchain],
    [systemPackages({ forTests }), packages],
    [nativeAddons, starterModels({ forTests })],
    [appBuild],
  ];
  if (rows.flat().every((step) => step.isDone())) return { node: projectNode() };
  const release = await takeSetUpLock(say);
  try {
    for (const row of rows) {
      const toDo = row.filter((step) => !step.isDone());
      // To the end of all of them, also when one fails: none may be left running.
      const outcomes = await Promise.allSettled(toDo.map((step) => runStep(step)));
      const failed = outcomes.find(({ status }) => status === 'rejected');
      if (failed) throw failed.reason;
    }
  } finally {
    release();
  }
  return { node: projectNode() };
}

async function runStep(step) {
  const startMs = performance.now();
  const seconds = () => `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
  say(`… ${step.name}`);
  try {
    const result = await step.run();
    if (typeof result === 'string') say(`✓ ${step.name}: ${result} (${seconds()})`);
    else say(`! ${step.name}: ${result.advice}`);
  } catch (error) {
    if (step.otherwise === undefined)
      throw new Error(`set-up stopped at "${step.name}": ${error.message}`, { cause: error });
    say(`! ${step.name} failed after ${seconds()}: ${error.message}\n  Going on: ${step.otherwise}.`);
  }
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  endCommandsOnSignals();
  try {
    const startMs = performance.now();
    await ensureSetUp({ forTests: process.argv.includes('--tests') });
    say(`Set up (${((performance.now() - startMs) / 1000).toFixed(1)} s).`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
