import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { resolveModel } from '../../main/platform/models/resolve-model.ts';
import { missingModels, modelsDir } from '../fixtures/real-app.ts';

// The real app with its engines, and no sound: models are looked at and exchanged from the window.

const OTHER_VOICE = 'piper-joe-medium';
const reason = missingModels() ?? missingVoice();
let app: ChildProcess | undefined;
let dataDir: string;

function missingVoice(): string | undefined {
  try {
    resolveModel(OTHER_VOICE, { modelsDir });
    return undefined;
  } catch {
    return `${OTHER_VOICE} is not installed: npx parley models install --tests`;
  }
}

test.beforeEach(async () => {
  test.skip(reason !== undefined, reason);
  dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-models-'));
});

test.afterEach(async () => {
  if (app && app.exitCode === null) {
    app.kill('SIGTERM');
    await once(app, 'exit');
  }
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

test('another voice takes over from the window, and a file that is no model is refused in words', async ({ page }) => {
  test.setTimeout(90_000);
  await page.goto(await startApp());
  await page.getByRole('link', { name: 'Models' }).click();
  const hibari = page.getByTestId('model-hibari-heart');
  const piper = page.getByTestId(`model-${OTHER_VOICE}`);
  await expect(hibari).toContainText('In use');
  await expect(page.getByText('The starter model is small: it makes mistakes and knows little.')).toBeVisible();
  await piper.getByRole('button', { name: 'Use' }).click();
  await expect(piper).toContainText('In use', { timeout: 30_000 });
  await expect(hibari).not.toContainText('In use');

  await page.getByLabel('Path on the machine where Parley runs').fill(join(dataDir, 'none.gguf'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('not installed (none.gguf)');
  await expectNoViolations(page);

  await page.reload();
  await expect(piper).toContainText('In use');
});

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

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
