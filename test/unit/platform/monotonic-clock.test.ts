import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MonotonicClock } from '../../../main/platform/monotonic-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('calls back once after the delay, and not when it was cancelled', () => {
  const clock = new MonotonicClock();
  const calls: string[] = [];
  clock.schedule(50, () => calls.push('kept'));
  clock.schedule(50, () => calls.push('cancelled'))();
  vi.advanceTimersByTime(49);
  expect(calls).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(calls).toEqual(['kept']);
});

it('never goes back when the system time does', () => {
  const clock = new MonotonicClock();
  const before = clock.nowMs();
  vi.setSystemTime(0);
  expect(clock.nowMs()).toBeGreaterThanOrEqual(before);
});
