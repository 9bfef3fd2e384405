import { describe, expect, test } from 'vitest';
import { formatDuration, TransferDisplay } from '../../../main/cli/transfer-display.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeTerminal } from '../../fakes/fake-terminal.ts';

const at = (doneBytes: number) => ({
  label: 'weights',
  doneBytes,
  totalBytes: 1000,
  bytesPerSecond: 100,
  secondsLeft: (1000 - doneBytes) / 100,
});

describe('the display of a transfer', () => {
  test('in a log, one line per tenth and never back', () => {
    const terminal = new FakeTerminal();
    const display = new TransferDisplay({ terminal, clock: new FakeClock() });
    for (const doneBytes of [0, 50, 100, 150, 199, 90, 350, 1000]) display.show(at(doneBytes));
    expect(terminal.notes.map((line) => line.trim().split(' ')[0])).toEqual(['10%', '35%', '100%']);
    expect(terminal.drawn).toEqual([]);
  });

  test('for a person, a bar with bytes, rate and time left, ten times a second at most', () => {
    const terminal = new FakeTerminal({ isInteractive: true });
    const clock = new FakeClock();
    const display = new TransferDisplay({ terminal, clock });
    display.show(at(500));
    display.show(at(501));
    clock.advance(100);
    display.show(at(600));
    expect(terminal.drawn).toHaveLength(2);
    expect(terminal.drawn[0]).toContain('50%  500 B of 1.0 kB, 100 B/s, 5 s left');
    expect(terminal.drawn[0]!.length).toBeLessThan(80);
  });
});

test.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [61, '1 min 01 s'],
  [3700, '1 h 01 min'],
])('%d seconds are written as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
