import { expect, test } from 'vitest';
import type { PlannedClip } from '../../../bench/clips/clip-sets.ts';
import { clipsOf, planRow, PRODUCTS, rowSize, sessionName, type Product } from '../../../bench/peers/plan.ts';
import { parsePeersOptions } from '../../../bench/peers/options.ts';

const clip = (id: string, kind: PlannedClip['kind'] = 'turn'): PlannedClip => ({
  id,
  kind,
  source: 'test',
  afterSeconds: 0,
  samples: new Float32Array(0),
  speech: { from: 0, to: 0 },
});
const sets = {
  turns: ['a', 'b', 'c', 'd'].map((id) => clip(id)),
  interruptions: [clip('r0'), clip('i0', 'barge'), clip('r1'), clip('i1', 'barge')],
};

test('the products change places, A B B A, so that what drifts meets both alike', () => {
  const sessions = planRow('defaults', { isTwice: false });
  expect(sessions.map(({ product }) => product)).toEqual(['parley', 'pipecat', 'pipecat', 'parley']);
  expect(sessions.map(sessionName)).toEqual([
    'defaults-1-parley',
    'defaults-2-pipecat',
    'defaults-3-pipecat',
    'defaults-4-parley',
  ]);
});

test.each([
  { isTwice: true, times: 2 },
  { isTwice: false, times: 1 },
])('each product hears every turn $times times, and every interruption once', ({ isTwice, times }) => {
  const sessions = planRow('same-weights', { isTwice });
  const heard = (product: Product): string[] =>
    sessions
      .filter((session) => session.product === product)
      .flatMap((session) => clipsOf(session, sets).map(({ id }) => id))
      .toSorted();
  for (const product of PRODUCTS) {
    const turns = ['a', 'b', 'c', 'd'].flatMap((id) => Array<string>(times).fill(id));
    expect(heard(product)).toEqual([...turns, 'r0', 'i0', 'r1', 'i1'].toSorted());
  }
});

test('an interruption comes right after the request into whose answer it is said', () => {
  const ids = clipsOf(planRow('defaults', { isTwice: false })[3]!, sets).map(({ id }) => id);
  expect(ids).toEqual(['b', 'd', 'r1', 'i1']);
});

test('the row of the same weights has at least thirty turns, and a quick run a few', () => {
  const full = rowSize('same-weights', { isQuick: false, maxTurns: Infinity });
  expect(full.turns).toBeGreaterThanOrEqual(30);
  expect(rowSize('same-weights', { isQuick: true, maxTurns: Infinity }).turns).toBeLessThan(6);
  expect(rowSize('defaults', { isQuick: false, maxTurns: 8 }).turns).toBe(8);
});

test('options that make no sense are refused in words', () => {
  expect(parsePeersOptions([])).toMatchObject({ rows: ['same-weights', 'defaults'], isQuick: false, form: 'built' });
  expect(parsePeersOptions(['--rows', 'defaults', '--turns', '6'])).toMatchObject({ rows: ['defaults'], maxTurns: 6 });
  expect(parsePeersOptions(['--help'])).toBeUndefined();
  expect(() => parsePeersOptions(['--rows', 'all'])).toThrow('not "all"');
  expect(() => parsePeersOptions(['--turns', '1'])).toThrow('--turns');
});
