import { expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fake-clock.ts';

it('runs what falls due in order of time, then of scheduling, each at its own moment', () => {
  const clock = new FakeClock(100);
  const seen: string[] = [];
  clock.schedule(20, () => seen.push(`b ${clock.nowMs()}`));
  clock.schedule(10, () => seen.push(`a ${clock.nowMs()}`));
  clock.schedule(20, () => seen.push(`c ${clock.nowMs()}`));
  clock.schedule(31, () => seen.push('too late'));
  clock.advance(30);
  expect(seen).toEqual(['a 110', 'b 120', 'c 120']);
  expect(clock.nowMs()).toBe(130);
  expect(clock.pendingCount).toBe(1);
});

it('runs what a callback schedules within the same advance, and not what it cancels', () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  const cancel = clock.schedule(15, () => seen.push(-1));
  const tick = () => {
    seen.push(clock.nowMs());
    cancel();
    clock.schedule(10, tick);
  };
  clock.schedule(10, tick);
  clock.advance(35);
  expect(seen).toEqual([10, 20, 30]);
});

it('counts timers that promises schedule while it advances asynchronously', async () => {
  const clock = new FakeClock();
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.schedule(ms, resolve));
  const seen: number[] = [];
  const work = async () => {
    for (let i = 0; i < 3; i++) {
      await wait(10);
      seen.push(clock.nowMs());
    }
  };
  void work();
  await clock.advanceAsync(30);
  expect(seen).toEqual([10, 20, 30]);
});
