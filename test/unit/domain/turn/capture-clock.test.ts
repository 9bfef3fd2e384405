import { describe, expect, it } from 'vitest';
import { CaptureClock } from '../../../../main/domain/turn/capture-clock.ts';

describe('capture clock', () => {
  it('takes late audio for what it is: late', () => {
    const clock = new CaptureClock();
    clock.note(1600, 1120);
    clock.note(3200, 1520);
    expect(clock.capturedAtMs(3200, 1520)).toBeCloseTo(1220, 0);
  });

  it('follows a sound card whose clock is slower than ours', () => {
    const clock = new CaptureClock();
    for (let second = 1; second <= 600; second++) clock.note(second * 16_000, second * 1000.2);
    expect(clock.capturedAtMs(600 * 16_000, 600_120)).toBeCloseTo(600_120, 0);
  });

  it('never says that something was captured later than now, and says now when it knows nothing', () => {
    const clock = new CaptureClock();
    expect(clock.capturedAtMs(99, 5)).toBe(5);
    clock.note(1600, 100);
    expect(clock.capturedAtMs(16_000, 150)).toBe(150);
  });
});
