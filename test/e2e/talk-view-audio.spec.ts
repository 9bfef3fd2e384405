import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { BROWSER_ARGS } from '../../playwright.config.ts';
import type { FakeAppServer } from '../fakes/fake-app-server.ts';
import { expect, openTalkView, test } from './talk-view-fixture.ts';

const WAV_RATE_HZ = 48_000;
/** The browser stumbles where it begins the file again (measured), so that it is longer than a test. */
const WAV_SECONDS = 30;
const TONES_HZ = [441, 1237, 3163];

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const path = join(mkdtempSync(join(tmpdir(), 'parley-microphone-')), 'tones.wav');
    writeFileSync(path, wavOf(tones(WAV_RATE_HZ, WAV_SECONDS * WAV_RATE_HZ), WAV_RATE_HZ));
    const args = [
      ...BROWSER_ARGS,
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${path}`,
    ];
    await use({ ...launchOptions, args });
  },
});

function tones(rateHz: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) =>
    TONES_HZ.reduce((sum, hz) => sum + 0.2 * Math.sin((2 * Math.PI * hz * i) / rateHz), 0),
  );
}

function wavOf(samples: Float32Array, rateHz: number): Buffer {
  const wav = Buffer.alloc(44 + samples.length * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + samples.length * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rateHz, 24);
  wav.writeUInt32LE(rateHz * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => wav.writeInt16LE(Math.round(sample * 32767), 44 + 2 * i));
  return wav;
}

/** How much of a piece is the three tones, whatever their phases, against all the rest of it, in dB. */
function tonesToRestDb(piece: Float32Array): number {
  const rest = Float64Array.from(piece);
  for (const hz of TONES_HZ) {
    let [inPhase, quadrature] = [0, 0];
    for (let i = 0; i < piece.length; i++) {
      inPhase += piece[i]! * Math.cos((2 * Math.PI * hz * i) / 16_000);
      quadrature += piece[i]! * Math.sin((2 * Math.PI * hz * i) / 16_000);
    }
    for (let i = 0; i < piece.length; i++) {
      const angle = (2 * Math.PI * hz * i) / 16_000;
      rest[i]! -= (2 / piece.length) * (inPhase * Math.cos(angle) + quadrature * Math.sin(angle));
    }
  }
  const power = (all: ArrayLike<number>): number => Array.from(all).reduce((sum, value) => sum + value * value, 0);
  return 10 * Math.log10((power(piece) - power(rest)) / power(rest));
}

async function useThisTab(page: Page, app: FakeAppServer): Promise<void> {
  await page.getByRole('combobox', { name: /^Microphone:/ }).click();
  await page.getByRole('option', { name: 'This browser tab' }).click();
  await expect(page.getByRole('combobox', { name: 'Microphone: This browser tab' })).toBeVisible();
  await app.when(() => app.commandsOf('use-browser-audio').some(({ on }) => on));
}

test('what the microphone hears arrives at the app intact, in 10 ms frames without a gap', async ({ page, app }) => {
  await openTalkView(page, app, '?microphone=raw');
  await useThisTab(page, app);
  await app.when(() => app.microphoneFrames.length >= 400);
  const frames = app.microphoneFrames.slice(0, 400);
  expect(frames.every(({ samples, sampleRateHz }) => samples.length === 160 && sampleRateHz === 16_000)).toBe(true);
  const first = frames[0]!.startSample;
  expect(frames.map(({ startSample }) => startSample)).toEqual(frames.map((_, i) => first + 160 * i));
  const all = app.microphoneSamples();
  // The browser's imitated device has its own timer, which hiccups on a busy machine: one undisturbed second tells.
  const seconds = [4000, 12_000, 20_000, 28_000, 36_000, 44_000].map((at) =>
    tonesToRestDb(all.subarray(at, at + 16_000)),
  );
  test.info().annotations.push({ type: 'measured', description: `${Math.max(...seconds).toFixed(1)} dB` });
  expect(Math.max(...seconds)).toBeGreaterThan(45);
});

test('an answer is played, and the app learns about every 50 ms how much of it', async ({ page, app }) => {
  await openTalkView(page, app);
  await useThisTab(page, app);
  app.sendAnswer({ answerNumber: 1, samples: tones(24_000, 24_000), sampleRateHz: 24_000 });
  await app.when(() => app.commandsOf('browser-played').some(({ ended }) => ended));
  const reports = app.commandsOf('browser-played');
  expect(reports.at(-1)).toMatchObject({ answerNumber: 1, playedSamples: 24_000, ended: true });
  const played = reports.map(({ playedSamples }) => playedSamples);
  expect(played).toEqual([...played].sort((a, b) => a - b));
  expect(reports.length).toBeGreaterThan(10);
  expect(reports.length).toBeLessThan(40);
});

test('a stopped answer ends where it was, and the next one plays', async ({ page, app }) => {
  await openTalkView(page, app);
  await useThisTab(page, app);
  app.sendAnswer({ answerNumber: 1, samples: tones(24_000, 72_000), sampleRateHz: 24_000, end: false });
  await app.when(() => app.commandsOf('browser-played').some(({ playedSamples }) => playedSamples > 4800));
  app.send({ type: 'browser-stop', answerNumber: 1, fadeMs: 10 });
  await app.when(() => app.commandsOf('browser-played').some(({ ended }) => ended));
  expect(app.commandsOf('browser-played').at(-1)?.playedSamples).toBeLessThan(48_000);
  app.sendAnswer({ answerNumber: 2, samples: tones(22_050, 4410), sampleRateHz: 22_050 });
  await app.when(() => app.commandsOf('browser-played').some(({ answerNumber, ended }) => answerNumber === 2 && ended));
  expect(app.commandsOf('browser-played').at(-1)?.playedSamples).toBe(4410);
});

test('sound goes round: what the microphone hears is played while it still comes in', async ({ page, app }) => {
  app.echoesMicrophone = true;
  await openTalkView(page, app);
  await useThisTab(page, app);
  await app.when(() => app.commandsOf('browser-played').some(({ playedSamples }) => playedSamples > 16_000));
});

test('the tab is the sound device again after the app restarted', async ({ page, app }) => {
  await openTalkView(page, app);
  await useThisTab(page, app);
  await app.when(() => app.microphoneFrames.length > 10);
  await app.close();
  await expect(page.getByRole('status')).toContainText('Reconnecting');
  app.microphoneFrames.length = 0;
  await app.start();
  await app.when(() => app.commandsOf('use-browser-audio').length === 2 && app.microphoneFrames.length > 10);
});

test('going back to the sound card lets go of the microphone', async ({ page, app }) => {
  await openTalkView(page, app);
  await useThisTab(page, app);
  await page.getByRole('combobox', { name: /^Microphone:/ }).click();
  await page.getByRole('option', { name: 'Built-in microphone' }).click();
  await app.when(() => app.commandsOf('choose-device').length === 1);
  expect(app.commandsOf('use-browser-audio').map(({ on }) => on)).toEqual([true, false]);
});
