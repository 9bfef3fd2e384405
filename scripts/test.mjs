#!/usr/bin/env node
// npm test: sets up what is missing, then runs every check and every test, and says at the end what failed.
//   node scripts/test.mjs [--only lint,unit,…]      names and groups of scripts/test/steps.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addCounts, countsOfStep, NO_TESTS, readCounts } from './test/counts.mjs';
import { chooseSteps, whyNotRunnable } from './test/steps.mjs';
import { CommandFailed, endCommandsOnSignals, runCommand } from './set-up/run-command.mjs';
import { ensureSetUp } from './setup.mjs';

/** How many checks run at once. Tests that care about time run alone. */
const CHECKS_AT_ONCE = 2;

endCommandsOnSignals();
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const reports = mkdtempSync(join(tmpdir(), 'parley-test-'));
process.once('exit', () => rmSync(reports, { recursive: true, force: true }));

try {
  const chosen = chooseSteps(values.only);
  const startMs = performance.now();
  const { node } = await ensureSetUp({ forTests: true });
  console.log(`set-up: ${secondsSince(startMs)}`);
  const results = await runAll(chosen, node);
  summarise(results, startMs);
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}

async function runAll(chosen, node) {
  const results = [];
  const checks = chosen.filter((step) => !step.tests);
  await Promise.all(
    Array.from({ length: CHECKS_AT_ONCE }, async () => {
      for (let step = checks.shift(); step; step = checks.shift()) results.push(await runStep(step, node));
    }),
  );
  for (const step of chosen.filter(({ tests }) => tests)) results.push(await runStep(step, node));
  return results;
}

async function runStep(step, node) {
  const startMs = performance.now();
  const reason = whyNotRunnable(step);
  if (reason) {
    console.log(`– ${step.name}: not run, ${reason}`);
    return { step, ok: true, counts: null };
  }
  const report = join(reports, `${step.name}.json`);
  let ok = true;
  try {
    const args = [
      ...step.args,
      ...(step.tests === 'vitest' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []),
    ];
    const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' };
    // Tests show what they do; checks say something only when there is something to say.
    await runCommand(node, args, { show: Boolean(step.tests), env });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    ok = false;
    if (!step.tests) console.log(error.output);
  }
  console.log(`${ok ? '✓' : '✗'} ${step.name} (${secondsSince(startMs)})`);
  return { step, ok, counts: step.tests ? readCounts(step.tests, report) : null };
}

function summarise(results, startMs) {
  const failed = results.filter(({ ok }) => !ok).map(({ step }) => step.name);
  const sum = results.map(countsOfStep).reduce(addCounts, NO_TESTS);
  console.log(
    `\n${failed.length === 0 ? 'All steps passed' : `Failed: ${failed.join(', ')}`} (${secondsSince(startMs)})`,
  );
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  if (failed.length > 0) process.exitCode = 1;
}

function secondsSince(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
