import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { readWavFile } from '../../main/audio/wav-reader.ts';
import { WavWriter } from '../../main/audio/wav-writer.ts';
import { LISTEN_TO_OUTPUT } from './compare-view-fixture.ts';
import { expect, test, useThisTab } from './real-app-fixture.ts';

// The real app with its engines: one utterance, spoken by the bench's voice or into a microphone, answered by two architectures, scored from the
// recordings.

const question = join(import.meta.dirname, '../fixtures/audio/tell-me-about-cats.wav');
/** Said when somebody has had the time to press Record. */
const SAID_AFTER_SECONDS = 10;

test('an utterance is answered by the tuned and the naive cascade, and both answers are shown and heard', async ({
  app,
  page,
}) => {
  test.setTimeout(240_000);
  await page.addInitScript(LISTEN_TO_OUTPUT);
  await page.goto(await app.start({ audio: 'none' }));
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('tab', { name: 'One utterance' }).click();
  await page.getByLabel('Spoken by').fill('What time is it?');
  await hearEveryAnswer(page);
  const row = page.getByTestId('row-0');
  for (const play of await row.getByRole('button', { name: /^Play What time is it\?/ }).all()) {
    await play.click();
    // The user on the left, the agent on the right: both are really there.
    for (const side of ['left', 'right']) {
      await expect
        .poll(() => page.evaluate<number>(`ears().${side}`), { intervals: [20], timeout: 20_000 })
        .toBeGreaterThan(0.01);
    }
  }
  const html = page.getByRole('link', { name: 'HTML' });
  expect((await page.request.get(new URL((await html.getAttribute('href'))!, page.url()).href)).status()).toBe(200);
});

test('what is said into the microphone of the tab goes to both as the same recording', async ({ app }) => {
  test.setTimeout(240_000);
  const url = await app.start({ audio: 'browser' });
  const page = await app.openPage(url, { microphone: await microphoneFile(app.folder) });
  await useThisTab(page);
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('tab', { name: 'One utterance' }).click();
  await page.getByLabel('Say it').check();
  await page.getByRole('button', { name: 'Record' }).click();
  await expect(page.getByTestId('recording')).toHaveText(/^1[23]\.\d s of 20 s$/, { timeout: 30_000 });
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await expect(page.getByTestId('recording')).toHaveText(/s recorded$/);
  await hearEveryAnswer(page);
  await expect(page.getByTestId('row-0')).toContainText(/cats/i);
});

/** Both answers are there and have a figure. */
async function hearEveryAnswer(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Hear every answer' }).click();
  await expect(page.getByTestId('progress')).toContainText('2 cells');
  await expect(page).toHaveURL(/#\/compare\/.+utterance$/, { timeout: 200_000 });
  await expect(page.getByTestId('lanes')).toHaveCount(2);
  const row = page.getByTestId('row-0');
  await expect(row.getByRole('listitem')).toHaveCount(2);
  await expect(row.getByText(/^\d+ ms$/)).toHaveCount(2);
}

/** The question once, with silence around it. */
async function microphoneFile(folder: string): Promise<string> {
  const { samples, sampleRateHz } = await readWavFile(question);
  const filePath = join(folder, 'microphone.wav');
  const writer = new WavWriter({ filePath, sampleRateHz });
  for (const each of [new Float32Array(SAID_AFTER_SECONDS * sampleRateHz), samples]) writer.write(each);
  writer.close();
  return filePath;
}
