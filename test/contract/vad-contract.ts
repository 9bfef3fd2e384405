import { describe, expect, test } from 'vitest';
import type { Vad } from '../../main/ports/vad.ts';

export interface VadSubject {
  vad: Vad;
  /** At least a second in which someone speaks most of the time, 16 kHz. */
  speech: Float32Array;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code?: string }) => error.code,
  );

/** What every voice activity detector behind the port does. `open` gives one for each test, which the test closes. */
export function vadContract(name: string, open: () => Promise<VadSubject>): void {
  describe(`VAD contract: ${name}`, () => {
    const withVad = (behaviour: string, body: (subject: VadSubject) => Promise<void>) =>
      test(behaviour, async () => {
        const subject = await open();
        try {
          await body(subject);
        } finally {
          await subject.vad.close();
        }
      });

    withVad('tells speech from silence', async ({ vad, speech }) => {
      const spoken = await probabilities(vad, speech);
      expect(Math.max(...spoken)).toBeGreaterThan(0.8);
      vad.reset();
      const silent = await probabilities(vad, new Float32Array(16_000));
      expect(Math.max(...silent)).toBeLessThan(0.3);
    });

    withVad('gives probabilities', async ({ vad, speech }) => {
      for (const probability of await probabilities(vad, speech)) {
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }
    });

    withVad('judges a stream the same way again after a reset', async ({ vad, speech }) => {
      const first = await probabilities(vad, speech);
      vad.reset();
      expect(await probabilities(vad, speech)).toEqual(first);
    });

    withVad('keeps windows in order when they are handed in at once', async ({ vad, speech }) => {
      const oneByOne = await probabilities(vad, speech);
      vad.reset();
      const atOnce = await Promise.all(windowsOf(vad, speech).map((window) => vad.process(window)));
      expect(atOnce).toEqual(oneByOne);
    });

    withVad('refuses windows of another length and audio that is no numbers', async ({ vad }) => {
      expect(await codeOf(vad.process(new Float32Array(vad.windowSamples - 1)))).toBe('bad-input');
      expect(await codeOf(vad.process(new Float32Array(0)))).toBe('bad-input');
      expect(await codeOf(vad.process(new Float32Array(vad.windowSamples).fill(Number.NaN)))).toBe('bad-input');
    });

    withVad('closes twice, and takes no window afterwards', async ({ vad }) => {
      await vad.close();
      await vad.close();
      expect(await codeOf(vad.process(new Float32Array(vad.windowSamples)))).toBe('queue-closed');
    });
  });
}

function windowsOf(vad: Vad, audio: Float32Array): Float32Array[] {
  const count = Math.floor(audio.length / vad.windowSamples);
  return Array.from({ length: count }, (_, i) => audio.slice(i * vad.windowSamples, (i + 1) * vad.windowSamples));
}

async function probabilities(vad: Vad, audio: Float32Array): Promise<number[]> {
  const result: number[] = [];
  for (const window of windowsOf(vad, audio)) result.push(await vad.process(window));
  return result;
}
