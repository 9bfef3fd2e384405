import { expect, test } from 'vitest';
import { bootstrap, mean, shareInterval, signFlipTest, wilson } from '../../../../main/evaluation/scoring/intervals.ts';

test('the interval holds the figure, is the same every time and narrower with more sessions', () => {
  const session = [1, 2, 3, 4];
  const sessions = (count: number) => Array.from({ length: count }, (_, i) => session.map((each) => each + (i % 4)));
  const few = bootstrap(sessions(4), mean)!;
  const many = bootstrap(sessions(100), mean)!;
  expect(few.low).toBeLessThan(few.value);
  expect(few.high).toBeGreaterThan(few.value);
  expect(many.high - many.low).toBeLessThan(few.high - few.low);
  expect(bootstrap(sessions(4), mean)).toEqual(few);
});

test('a figure that nothing gives has no interval', () => {
  expect(bootstrap([[]], mean)).toBeNull();
});

test('a difference that is always on one side is shown, exactly where there are few pairs', () => {
  expect(signFlipTest([5, 6, 7, 5, 6, 7])).toMatchObject({ pairs: 6, p: 2 / 64, verdict: 'A is lower' });
  expect(signFlipTest(Array.from({ length: 30 }, () => -3))).toMatchObject({ verdict: 'B is lower' });
});

test('a difference that chance gives as well is none that is shown', () => {
  expect(signFlipTest([5, -6, 7, -5]).verdict).toBe('no difference shown');
  expect(signFlipTest([5, 6, 7])).toMatchObject({ p: 2 / 8, verdict: 'no difference shown' });
  expect(signFlipTest([])).toMatchObject({ pairs: 0, p: 1, meanDifference: null });
});

test('a share is drawn by session, and one of all or none is as uncertain as its number of turns', () => {
  expect(shareInterval([[true, false], [true, true], [false]])).toMatchObject({ value: 0.6 });
  expect(shareInterval([Array.from({ length: 16 }, () => true)])).toEqual(wilson(16, 16));
  expect(shareInterval([[false], [false]])!.high).toBeGreaterThan(0.5);
  expect(shareInterval([[], []])).toBeNull();
});

test("Wilson's interval has its published values", () => {
  // Newcombe 1998, table I: 81 of 263, 0 of 20, 29 of 29.
  expect(wilson(81, 263)).toMatchObject({ low: expect.closeTo(0.2553, 3), high: expect.closeTo(0.3662, 3) });
  expect(wilson(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 3) });
  expect(wilson(29, 29)).toMatchObject({ low: expect.closeTo(0.883, 3), high: 1 });
});
