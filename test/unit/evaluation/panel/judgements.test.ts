import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Judgement } from '../../../../main/contract/evaluation.ts';
import { addJudgement, readJudgements, tallies } from '../../../../main/evaluation/panel/judgements.ts';
import { signTest } from '../../../../main/evaluation/scoring/sign-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-judgements-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const judged = (turnId: string, a: string, b: string, preferred: Judgement['preferred']): Judgement => ({
  turnId,
  a: { architectureId: a, repetition: 1 },
  b: { architectureId: b, repetition: 1 },
  preferred,
});

test('the sign test is the two-sided exact one', () => {
  expect(signTest(0, 0)).toBe(1);
  expect(signTest(3, 3)).toBe(1);
  expect(signTest(6, 0)).toBeCloseTo(2 / 64, 12);
  expect(signTest(1, 9)).toBeCloseTo((2 * (1 + 10)) / 1024, 12);
  // Beyond what factorials of doubles can hold.
  expect(signTest(2000, 2000)).toBeCloseTo(1, 6);
  expect(signTest(1900, 2100)).toBeCloseTo(0.00166, 4);
});

test('wins are counted for architectures, whichever was heard first, and the order is watched', () => {
  const some = [
    judged('t/1', 'x', 'y', 'a'),
    judged('t/2', 'y', 'x', 'b'),
    judged('t/3', 'x', 'y', 'b'),
    judged('t/4', 'x', 'y', 'neither'),
    judged('t/5', 'x', 'x', 'a'),
  ];
  expect(tallies(some)).toEqual([
    { a: 'x', b: 'y', aWins: 2, bWins: 1, ties: 1, firstWins: 1, p: 1, verdict: 'no difference shown' },
  ]);
  const clear = Array.from({ length: 6 }, (_, i) => judged(`t/${i}`, 'x', 'y', 'b'));
  expect(tallies(clear)[0]).toMatchObject({
    bWins: 6,
    p: expect.closeTo(2 / 64, 9) as number,
    verdict: 'B is preferred',
  });
});

test('a judgement of the same two answers takes the place of the one before; a damaged file is not written over', async () => {
  await addJudgement(folder, judged('t/1', 'x', 'y', 'a'));
  await addJudgement(folder, judged('t/2', 'x', 'y', 'a'));
  await addJudgement(folder, judged('t/1', 'y', 'x', 'a'));
  expect(await readJudgements(folder)).toEqual([judged('t/2', 'x', 'y', 'a'), judged('t/1', 'y', 'x', 'a')]);
  const file = join(folder, 'judgements.json');
  writeFileSync(file, 'damaged');
  await expect(addJudgement(folder, judged('t/1', 'y', 'x', 'a'))).rejects.toMatchObject({ code: 'bad-input' });
  expect(readFileSync(file, 'utf8')).toBe('damaged');
});
