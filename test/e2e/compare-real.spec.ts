import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, test, type Browser, type Page } from '@playwright/test';
import { readWavFile } from '../../main/audio/wav-reader.ts';
import { WavWriter } from '../../main/audio/wav-writer.ts';
import config, { BROWSER_ARGS } from '../../playwright.config.ts';
import { missingModels } from '../fixtures/real-app.ts';
import { expect, LISTEN_TO_OUTPUT } from './compare-view-fixture.ts';

// The real app with its engines: one utterance, spoken by the bench's voice or into a microphone, answered by two architectures, scored from the
// recordings.

const reason = missingModels();
const question = join(import.meta.dirname, '../fixtures/audio/tell-me-about-cats.wav');
/** Said when somebody has had the time to press Record. */
const SAID_AFTER_SECONDS = 6;
let app: ChildProcess | undefined;
let browser: Browser | undefined;
let dataDir: string;

test.beforeEach(async () => {
  test.skip(reason !== undefined, reason);
  dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-compare-'));
});

test.afterEach(async () => {
  await browser?.close();
  browser = undefined;
  if (app && app.exitCode === null) {
    app.kill('SIGTERM');
    await once(app, 'exit');
  }
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

test('an utterance is answered by the tuned and the naive cascade, and both answers are shown and heard', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.addInitScript(LISTEN_TO_OUTPUT);
  await page.goto(await startApp('none'));
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

test('what is said into the microphone of the tab goes to both as the same recording', async () => {
  test.setTimeout(240_000);
  const page = await openWithMicrophone(await startApp('browser'));
  await page.getByRole('combobox', { name: /^Microphone/ }).click();
  await page.getByRole('option', { name: 'This browser tab' }).click();
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('tab', { name: 'One utterance' }).click();
  await page.getByLabel('Say it').check();
  await page.getByRole('button', { name: 'Record' }).click();
  await expect(page.getByTestId('recording')).toHaveText(/^(8|9)\.\d s of 20 s$/, { timeout: 20_000 });
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
async function microphoneFile(): Promise<string> {
  const { samples, sampleRateHz } = await readWavFile(question);
  const filePath = join(dataDir, 'microphone.wav');
  const writer = new WavWriter({ filePath, sampleRateHz });
  for (const each of [new Float32Array(SAID_AFTER_SECONDS * sampleRateHz), samples]) writer.write(each);
  writer.close();
  return filePath;
}

async function openWithMicrophone(url: string): Promise<Page> {
  browser = await chromium.launch({
    ...config.use!.launchOptions,
    args: [
      ...BROWSER_ARGS,
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${await microphoneFile()}%noloop`,
    ],
  });
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

async function startApp(audio: 'none' | 'browser'): Promise<string> {
  const main = join(import.meta.dirname, '../../main/node-main.ts');
  app = spawn(process.execPath, [main, '--no-open', '--port', '0', '--audio', audio], {
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
