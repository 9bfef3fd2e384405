import { describe, expect, test } from 'vitest';
import { PromptWarmer } from '../../../../main/engines/llm/prompt-warmer.ts';
import { deferred } from '../../../../main/lib/deferred.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

/** A server that takes `tookMs` for each of what it is asked. */
function warming() {
  const clock = new FakeClock();
  const warmer = new PromptWarmer({ clock });
  let asked = 0;
  const warm = (tookMs: number) =>
    warmer.warm(() => {
      asked++;
      clock.advance(tookMs);
      return Promise.resolve();
    });
  return { clock, warmer, warm, asked: () => asked };
}

describe('PromptWarmer', () => {
  test('asks for newer words when the last ones are computed, and not too often', async () => {
    const { clock, warm, asked } = warming();
    await warm(100);
    await warm(100);
    expect(asked()).toBe(1);
    clock.advance(400);
    await warm(100);
    expect(asked()).toBe(2);
  });

  test('does not queue behind itself', async () => {
    const { clock, warmer, warm, asked } = warming();
    const done = deferred<void>();
    const first = warmer.warm(() => done.promise);
    clock.advance(1000);
    await warm(100);
    expect(asked()).toBe(0);
    done.resolve();
    await first;
  });

  test('is aborted by an answer, which counts against nobody', async () => {
    const { clock, warmer, warm, asked } = warming();
    for (let i = 0; i < 5; i++) {
      const aborted = warmer.warm(
        (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      );
      warmer.giveWay();
      await aborted;
      clock.advance(400);
    }
    await warm(100);
    expect(asked()).toBe(1);
  });

  test('leaves a server alone that is slow three times in a row, or fails', async () => {
    const slow = warming();
    for (const tookMs of [2000, 100, 2000, 2000, 2000, 100]) {
      await slow.warm(tookMs);
      slow.clock.advance(400);
    }
    expect(slow.asked()).toBe(5);
    const failing = warming();
    for (let i = 0; i < 5; i++) {
      await failing.warmer.warm(() => Promise.reject(new Error('no')));
      failing.clock.advance(400);
    }
    await failing.warm(100);
    expect(failing.asked()).toBe(0);
  });
});
