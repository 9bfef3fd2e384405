import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { missingModels } from '../fixtures/real-app.ts';
import { expect, LISTEN_TO_OUTPUT } from './compare-view-fixture.ts';
import { test } from '@playwright/test';

// The real app with its engines: one utterance, spoken by the bench's voice, answered by two architectures, scored from the recordings.

const reason = missingModels();
let app: ChildProcess | undefined;
let dataDir: string;

test.beforeEach(async () => {
  test.skip(reason !== undefined, reason);
  dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-compare-'));
});

test.afterEach(async () => {
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
  await page.goto(await startApp());
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('tab', { name: 'One utterance' }).click();
  await page.getByLabel('Spoken by').fill('What time is it?');
  await page.getByRole('button', { name: 'Hear every answer' }).click();
  await expect(page.getByTestId('progress')).toContainText('2 cells');
  await expect(page).toHaveURL(/#\/compare\/.+utterance$/, { timeout: 200_000 });
  await expect(page.getByTestId('lanes')).toHaveCount(2);
  const row = page.getByTestId('row-0');
  await expect(row.getByRole('listitem')).toHaveCount(2);
  await expect(row.getByText(/^\d+ ms$/)).toHaveCount(2);
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

async function startApp(): Promise<string> {
  const main = join(import.meta.dirname, '../../main/node-main.ts');
  app = spawn(process.execPath, [main, '--no-open', '--port', '0', '--audio', 'none'], {
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
