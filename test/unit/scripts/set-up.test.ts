import { describe, expect, test } from 'vitest';

/** Plain JavaScript, without declarations. */
async function script(name: string) {
  const url = new URL(`../../../scripts/${name}`, import.meta.url);
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  return (await import(url.href)) as Record<string, any>;
}

describe('whether the installed packages are the locked ones', async () => {
  const { installedAsLocked } = await script('set-up/packages.mjs');
  const lock = {
    '': { name: 'parley' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  };
  const installed = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

  test('yes, when all that this platform needs is there', () => {
    expect(installedAsLocked(lock, installed)).toBe(true);
  });

  test('no, when nothing is installed', () => {
    expect(installedAsLocked(lock, null)).toBe(false);
  });

  test('no, when a package has another version or other bytes', () => {
    expect(installedAsLocked(lock, { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } })).toBe(false);
    expect(installedAsLocked(lock, { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } })).toBe(false);
  });

  test('no, when a package is missing', () => {
    expect(installedAsLocked({ ...lock, 'node_modules/b': { version: '1.0.0' } }, installed)).toBe(false);
  });
});

describe('counting what ran', async () => {
  const { countsOfStep } = await script('test/counts.mjs');

  test('a check that fails is one failure', () => {
    expect(countsOfStep({ ok: false, counts: null })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test('a runner that broke after its tests had passed is one failure', () => {
    expect(countsOfStep({ ok: false, counts: { passed: 5, failed: 0, skipped: 1 } })).toEqual({
      passed: 5,
      failed: 1,
      skipped: 1,
    });
  });

  test('failed tests are not counted twice', () => {
    expect(countsOfStep({ ok: false, counts: { passed: 5, failed: 2, skipped: 0 } })).toEqual({
      passed: 5,
      failed: 2,
      skipped: 0,
    });
  });

  test('a check that passes is no test', () => {
    expect(countsOfStep({ ok: true, counts: null })).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe('choosing steps', async () => {
  const { chooseSteps, steps } = await script('test/steps.mjs');
  const names = (only?: string) => chooseSteps(only).map(({ name }: { name: string }) => name);

  test('all of them by default, checks before tests', () => {
    expect(names()).toEqual(steps.map(({ name }: { name: string }) => name));
  });

  test('by name and by group', () => {
    expect(names('unit,lint')).toEqual(['prettier', 'eslint', 'tsc', 'svelte-check', 'depcruise', 'knip', 'unit']);
  });

  test('a name that there is none of is refused', () => {
    expect(() => chooseSteps('units')).toThrow('units');
  });
});
