import { describe, expect, test } from 'vitest';
import { ParleyError } from '../../main/contract/errors.ts';
import type { TurnDetector } from '../../main/ports/turn-detector.ts';

export interface TurnDetectorSubject {
  detector: TurnDetector;
  /** A sentence that is finished, 16 kHz. */
  complete: Float32Array;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code?: string }) => error.code,
  );

/** What every turn detector behind the port does. `open` gives one for each test, which the test closes. */
export function turnDetectorContract(name: string, open: () => Promise<TurnDetectorSubject>): void {
  describe(`turn detector contract: ${name}`, () => {
    const withDetector = (behaviour: string, body: (subject: TurnDetectorSubject) => Promise<void>) =>
      test(behaviour, async () => {
        const subject = await open();
        try {
          await body(subject);
        } finally {
          await subject.detector.close();
        }
      });

    withDetector('believes a finished sentence to be finished', async ({ detector, complete }) => {
      const probability = await detector.completeProbability(complete);
      expect(probability).toBeGreaterThan(0.5);
      expect(probability).toBeLessThanOrEqual(1);
    });

    withDetector('takes audio of any length', async ({ detector, complete }) => {
      const long = new Float32Array(20 * 16_000);
      long.set(complete, long.length - complete.length);
      for (const audio of [complete.slice(0, 10), complete.slice(0, 700), long]) {
        const probability = await detector.completeProbability(audio);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }
    });

    withDetector('leaves the audio as it was', async ({ detector, complete }) => {
      const before = complete.slice();
      await detector.completeProbability(complete);
      expect(complete).toEqual(before);
    });

    withDetector('refuses no audio, and audio that is no numbers', async ({ detector }) => {
      expect(await codeOf(detector.completeProbability(new Float32Array(0)))).toBe('bad-input');
      expect(await codeOf(detector.completeProbability(new Float32Array(500).fill(Infinity)))).toBe('bad-input');
    });

    withDetector('stops on abort, with the reason of the signal, and is ready for the next call', async (subject) => {
      const { detector, complete } = subject;
      expect(await codeOf(detector.completeProbability(complete, { signal: AbortSignal.abort() }))).toBe('cancelled');
      const deadline = new AbortController();
      const code = codeOf(detector.completeProbability(complete, { signal: deadline.signal }));
      deadline.abort(new ParleyError({ code: 'call-timeout', stage: 'listen' }));
      expect(await code).toBe('call-timeout');
      expect(await detector.completeProbability(complete)).toBeGreaterThan(0.5);
    });

    withDetector('answers two calls made at once as if made one by one', async ({ detector, complete }) => {
      const start = complete.slice(0, complete.length / 2);
      const oneByOne = [await detector.completeProbability(complete), await detector.completeProbability(start)];
      const atOnce = [detector.completeProbability(complete), detector.completeProbability(start)];
      expect(await Promise.all(atOnce)).toEqual(oneByOne);
    });

    withDetector('closes twice, and takes no call afterwards', async ({ detector, complete }) => {
      await detector.close();
      await detector.close();
      expect(await codeOf(detector.completeProbability(complete))).toBe('queue-closed');
    });
  });
}
