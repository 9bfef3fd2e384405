import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { resampleWhole } from '../../main/audio/streaming-resampler.ts';
import { MoonshineAsr } from '../../main/engines/asr/moonshine.ts';
import { wordErrorRate } from '../../main/lib/word-error-rate.ts';
import config, { BROWSER_ARGS } from '../../playwright.config.ts';
import { missingModels, modelsDir } from '../fixtures/real-app.ts';
import { PULSE_RATE_HZ, pulseMissing, startPulse, type PulseFixture } from '../fixtures/pulse.ts';

// Everything real: the app with its engines, a browser whose microphone is a WAV, and a recogniser that listens to what came out of
// the browser's loudspeaker.

const question = join(import.meta.dirname, '../fixtures/audio/tell-me-about-cats.wav');
const reason = missingModels() ?? pulseMissing();

let pulse: PulseFixture | undefined;
let app: ChildProcess | undefined;
let browser: Browser | undefined;
let dataDir: string;

test.beforeEach(async () => {
  test.skip(reason !== undefined, reason);
  dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-talk-'));
  pulse = await startPulse();
});

test.afterEach(async () => {
  await browser?.close();
  if (app && app.exitCode === null) {
    app.kill('SIGTERM');
    await once(app, 'exit');
  }
  await pulse?.close();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

test('a question spoken into the browser is answered in words that a recogniser understands', async () => {
  test.setTimeout(120_000);
  const page = await openPage(await startApp());
  const recording = pulse!.record();
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

async function startApp(): Promise<string> {
  const main = join(import.meta.dirname, '../../main/node-main.ts');
  app = spawn(process.execPath, [main, '--no-open', '--port', '0', '--audio', 'browser'], {
    env: { ...process.env, XDG_CONFIG_HOME: dataDir, XDG_CACHE_HOME: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url: string | undefined;
  for await (const line of createInterface(app.stdout!)) {
    url ??= /^Parley is ready: (\S+)$/.exec(line)?.[1];
    if (line === 'Parley is listening') return url!;
  }
  throw new Error('the app ended before it listened');
}

async function openPage(url: string): Promise<Page> {
  const { launchOptions } = config.use!;
  browser = await chromium.launch({
    ...launchOptions,
    env: { ...(process.env as Record<string, string>), ...pulse!.env },
    ignoreDefaultArgs: ['--mute-audio'],
    args: [
      ...BROWSER_ARGS,
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${question}%noloop`,
    ],
  });
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

async function useThisTab(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: /^Microphone/ }).click();
  await page.getByRole('option', { name: 'This browser tab' }).click();
}

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
