import { readFileSync } from 'node:fs';

export const NO_TESTS = { passed: 0, failed: 0, skipped: 0 };

/** Reads what a test runner's JSON report says; null when it wrote none. */
export function readCounts(kind, path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
  return kind === 'playwright' ? playwrightCounts(report) : vitestCounts(report);
}

function vitestCounts({ numPassedTests, numFailedTests, numPendingTests, numTodoTests }) {
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

/** A test that passed only when tried again has not passed. */
function playwrightCounts({ stats }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

export function addCounts(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/**
 * What a step adds to the sum. A step that failed counts as one failure at least: a check that is no test, or a runner
 * that broke before it could count.
 */
export function countsOfStep({ ok, counts }) {
  const base = counts ?? NO_TESTS;
  return ok || base.failed > 0 ? base : { ...base, failed: 1 };
}
