import { describe, expect, it } from 'vitest';
import { decideRestart, DEFAULT_RESTART_LIMITS, type RestartHistory } from '../../../main/children/restart-policy.ts';

const limits = { maxRestarts: 3, windowMs: 1000, firstDelayMs: 10, maxDelayMs: 30, stableMs: 500 };

function failuresAt(...timesMs: number[]): (number | 'give-up')[] {
  let history: RestartHistory = [];
  return timesMs.map((atMs) => {
    const decision = decideRestart(history, atMs, limits);
    history = decision.history;
    return decision.type === 'restart' ? decision.delayMs : 'give-up';
  });
}

describe('the restart policy', () => {
  it('doubles the wait up to its cap and gives up at the fourth failure in the window', () => {
    expect(failuresAt(0, 100, 200, 300)).toEqual([10, 20, 30, 'give-up']);
  });

  it('forgets restarts that are older than the window', () => {
    expect(failuresAt(0, 100, 200, 1000, 1050, 1100)).toEqual([10, 20, 30, 30, 'give-up', 30]);
  });

  it('restarts for ever when failures are further apart than the window', () => {
    expect(failuresAt(0, 1000, 2000, 3000, 4000)).toEqual([10, 10, 10, 10, 10]);
  });

  it('allows three restarts in five minutes by default', () => {
    expect(DEFAULT_RESTART_LIMITS).toMatchObject({ maxRestarts: 3, windowMs: 300_000 });
  });
});
