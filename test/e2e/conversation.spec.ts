import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { resampleWhole } from '../../main/audio/streaming-resampler.ts';
import { MoonshineAsr } from '../../main/engines/asr/moonshine.ts';
import { wordErrorRate } from '../../main/lib/word-error-rate.ts';
import { modelsDir } from '../fixtures/real-app.ts';
import { PULSE_RATE_HZ, pulseMissing, startPulse, type PulseFixture } from '../fixtures/pulse.ts';
import { expect, test as withApp, useThisTab } from './real-app-fixture.ts';

// Everything real: the app with its engines, a browser whose microphone is a WAV, and a recogniser that listens to what came out of
// the browser's loudspeaker.

const question = join(import.meta.dirname, '../fixtures/audio/tell-me-about-cats.wav');

const test = withApp.extend<{ pulse: PulseFixture }>({
  pulse: async ({}, use, info) => {
    const reason = pulseMissing();
    info.skip(reason !== undefined, reason);
    const pulse = await startPulse();
    await use(pulse);
    await pulse.close();
  },
});

test('a question spoken into the browser is answered in words that a recogniser understands', async ({
  pulse,
  app,
}) => {
  test.setTimeout(120_000);
  const url = await app.start({ audio: 'browser' });
  const page = await app.openPage(url, { microphone: question, soundEnv: pulse.env });
  const recording = pulse.record();
  await useThisTab(page);

  const transcript = page.getByRole('log');
  await expect(transcript).toContainText(/cats/i, { timeout: 30_000 });
  // To its end: of half a last word, the recogniser makes words of its own.
  await expect(page.locator('[data-status="done"]')).toHaveCount(1, { timeout: 40_000 });
  const shown = (await heardText(page)).trim();
  await recording.more(0.5);
  const { loudspeaker } = await recording.stop();

  const heard = await recognise(loudspeaker);
  // The window's account of what was heard against the recording: every word, give or take the recogniser's own mistakes.
  expect(wordErrorRate(shown, heard), `shown: ${shown}\nrecorded: ${heard}`).toBeLessThanOrEqual(0.3);
});

async function heardText(page: Page): Promise<string> {
  const parts = await page.locator('[data-testid="heard"], [data-testid="current"]').allTextContents();
  return parts.join('');
}

async function recognise(loudspeaker: Float32Array): Promise<string> {
  const asr = await MoonshineAsr.open({ modelDir: join(modelsDir, 'moonshine-tiny-en') });
  const pcm = await resampleWhole(trimmed(loudspeaker), { inputRateHz: PULSE_RATE_HZ, outputRateHz: 16_000 });
  const { text } = await asr.transcribe(pcm);
  await asr.close();
  return text;
}

/** From the first sound to the last. */
function trimmed(samples: Float32Array): Float32Array {
  const isSound = (sample: number): boolean => Math.abs(sample) > 0.003;
  return samples.subarray(samples.findIndex(isSound), samples.findLastIndex(isSound) + 1);
}
