import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ParleyError } from '../../../../main/contract/errors.ts';
import { loadSuites, parseSuite } from '../../../../main/evaluation/scenario/load-suites.ts';

const SUITES = join(import.meta.dirname, '../../../../suites');

function whyNot(text: string): string {
  try {
    parseSuite(text, 'mine.yaml');
    return '';
  } catch (error) {
    return (error as ParleyError).message;
  }
}

const HEAD = 'version: 1\nsuite: mine\ntitle: Mine\nabout: A test.\nscenarios:\n  - id: one\n    title: One\n';

test('every shipped suite is read, and has the name of its file', async () => {
  const suites = await loadSuites(['all'], SUITES);
  expect(suites.map(({ suite }) => suite)).toEqual([
    'barge-in',
    'context',
    'dictation',
    'emotion',
    'noise',
    'rapid',
    'recovery',
    'tools',
  ]);
  for (const { scenarios } of suites) expect(scenarios.length).toBeGreaterThanOrEqual(3);
});

test('what is wrong is told with its line and column', () => {
  expect(whyNot(`${HEAD}    turns:\n      - say: Hello.\n        expects: {}\n`)).toMatch(/^mine\.yaml:9:9: .*expects/);
  expect(whyNot(`${HEAD}    turns:\n      - say: Hello.\n        as: shout\n`)).toMatch(/^mine\.yaml:10:13: /);
  expect(whyNot(`${HEAD}    turns:\n      - text: Hello.\n`)).toMatch(/^mine\.yaml:9:9: .*one of say, audio and sound/);
  expect(whyNot(`${HEAD}    room: cellar\n    turns: [{ say: Hello. }]\n`)).toMatch(
    /^mine\.yaml:8:11: room: there are/,
  );
  expect(whyNot(`${HEAD}   bad: [`)).toMatch(/^mine\.yaml:\d+:\d+: /);
});

test('an expression that is none is refused', () => {
  expect(whyNot(`${HEAD}    turns:\n      - say: Hello.\n        expect: { says: ["/(/"] }\n`)).toMatch(
    /not a regular/,
  );
});

test('a name that there is no suite of is told with those that there are', async () => {
  await expect(loadSuites(['nothing'], SUITES)).rejects.toThrow(/no suite is called "nothing"; there are barge-in/);
});
