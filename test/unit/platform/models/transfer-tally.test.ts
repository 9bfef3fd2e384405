import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../../../main/platform/models/format-bytes.ts';
import { TransferTally, type TransferProgress } from '../../../../main/platform/models/transfer-tally.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

function tallied() {
  const clock = new FakeClock();
  const seen: TransferProgress[] = [];
  const tally = new TransferTally({ clock, onProgress: (progress) => seen.push(progress) });
  return { clock, tally, last: () => seen.at(-1)! };
}

describe('the tally of transfers', () => {
  test('gives rate and time left over all transfers', () => {
    const { clock, tally, last } = tallied();
    tally.expect('a', 1000);
    tally.expect('b', 3000);
    tally.report('a', 0, 'a');
    clock.advance(1000);
    tally.report('a', 500, 'a');
    expect(last()).toEqual({ label: 'a', doneBytes: 500, totalBytes: 4000, bytesPerSecond: 500, secondsLeft: 7 });
  });

  test('counts bytes of an earlier run as done, but not towards the rate', () => {
    const { clock, tally, last } = tallied();
    tally.expect('a', 1000);
    tally.report('a', 800, 'a');
    clock.advance(1000);
    tally.report('a', 900, 'a');
    expect(last()).toMatchObject({ doneBytes: 900, bytesPerSecond: 100, secondsLeft: 1 });
  });

  test('forgets a slow beginning after five seconds', () => {
    const { clock, tally, last } = tallied();
    tally.expect('a', 100_000);
    tally.report('a', 0, 'a');
    clock.advance(60_000);
    tally.report('a', 0, 'a');
    clock.advance(1000);
    tally.report('a', 5000, 'a');
    expect(last().bytesPerSecond).toBe(5000);
  });

  test('replaces a transfer that will not happen', () => {
    const { tally, last } = tallied();
    tally.expect('hub', 1000);
    tally.forget('hub');
    tally.expect('package', 400);
    tally.finish('package', 'package');
    expect(last()).toMatchObject({ doneBytes: 400, totalBytes: 400 });
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [98_362_432, '98.4 MB'],
  [999_950_000, '1.0 GB'],
  [123_456, '123 kB'],
])('%d bytes are written as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
