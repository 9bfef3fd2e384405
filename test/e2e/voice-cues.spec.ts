import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { readWavFile } from '../../main/audio/wav-reader.ts';
import { resampleWhole } from '../../main/audio/streaming-resampler.ts';
import { trainedVoiceModel as model } from '../../main/domain/voice-cues/trained-model.ts';
import { vectorOf } from '../../main/domain/voice-cues/voice-model.ts';
import { ProsodyMeter } from '../../main/engines/cues/prosody-meter.ts';
import { modelsDir } from '../fixtures/real-app.ts';
import { tinyEmotionModel } from '../fixtures/tiny-emotion-model.ts';
import { expect, test, useThisTab, type RealApp } from './real-app-fixture.ts';

// The real app and a browser whose microphone is a WAV, by a speaker who usually sounds much calmer than in it: the baseline on disk says so.

const question = join(import.meta.dirname, '../fixtures/audio/tell-me-about-cats.wav');
/** How much calmer than now, in steps from high to low arousal. */
const CALMER = 1.2;

test('a voice that is more raised than usual is shown with its evidence, and the answer says what that changed', async ({
  app,
}) => {
  test.setTimeout(90_000);
  await prepareHome(app.folder);
  const page = await openPage(app);

  const note = page.getByTestId('voice-note');
  await expect(note).toHaveAttribute('data-word', /tense|animated|raised/, { timeout: 40_000 });
  await note.locator('summary').click();
  await expect(page.getByTestId('voice-evidence')).toContainText('against your baseline of 8 turns');
  await expect(page.getByTestId('voice-trace')).toContainText(/Sounds (tense|animated)/);
  await expect(page.getByTestId('voice-use')).toContainText('The model was told: [voice: sounds', { timeout: 30_000 });
});

test('what another engine claims stands beside what was measured, as its claim, with whether it fits', async ({
  app,
}) => {
  test.setTimeout(90_000);
  await prepareHome(app.folder);
  await installAnother('sad', app.folder);
  const page = await openPage(app);

  const note = page.getByTestId('voice-note');
  await expect(note).toHaveAttribute('data-word', /tense|animated|raised/, { timeout: 40_000 });
  await note.locator('summary').click();
  const claim = '“sad”, claimed by Always sad (sure), which does not fit what was measured.';
  await expect(note.getByText(claim)).toBeVisible({ timeout: 30_000 });
});

/** Settings that tell even the starter model, and a baseline of eight calm turns. */
async function prepareHome(home: string): Promise<void> {
  await symlink(modelsDir, join(home, 'models'));
  const settings = { voiceCuesInPrompt: 'always', voiceBaselineRetention: 'quarter' };
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings));
  const { samples, sampleRateHz } = await readWavFile(question);
  const meter = new ProsodyMeter();
  meter.begin();
  meter.push(await resampleWhole(samples, { inputRateHz: sampleRateHz, outputRateHz: 16_000 }));
  const { features } = meter.measure()!;
  const calm = vectorOf(model, features).map(
    (value, i) => value - CALMER * model.arousalShift[i]! * model.withinDeviation[i]!,
  );
  const turns = Array.from({ length: 8 }, () => ({ vector: calm, levelDb: features.levelDb - 6 }));
  const devices = { browser: { usedAtMs: Date.now(), turns } };
  await writeFile(join(home, 'voice-baselines.json'), JSON.stringify({ features: model.features, devices }));
}

/** A speech-emotion model of the user's own, which says the same of every voice. */
async function installAnother(label: string, home: string): Promise<void> {
  const folder = join(home, 'emotion-model');
  await mkdir(folder);
  await writeFile(join(folder, 'model.onnx'), tinyEmotionModel({ weights: [0, 0], bias: [5, 0] }));
  const description = { name: `Always ${label}`, sampleRateHz: 16_000, labels: [label, 'happy'], softmax: true };
  await writeFile(join(folder, 'model.json'), JSON.stringify(description));
}

/** The question is said into the microphone of its tab. */
async function openPage(app: RealApp): Promise<Page> {
  const url = await app.start({ audio: 'browser', env: { PARLEY_DATA: app.folder } });
  const page = await app.openPage(url, { microphone: question });
  await useThisTab(page);
  return page;
}
