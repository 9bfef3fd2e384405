import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { resolveModel } from '../../main/platform/models/resolve-model.ts';
import { modelsDir } from '../fixtures/real-app.ts';
import { expect, test } from './real-app-fixture.ts';

// The real app with its engines, and no sound: models are looked at and exchanged from the window.

const OTHER_VOICE = 'piper-joe-medium';

function missingVoice(): string | undefined {
  try {
    resolveModel(OTHER_VOICE, { modelsDir });
    return undefined;
  } catch {
    return `${OTHER_VOICE} is not installed: npx parley models install --tests`;
  }
}

test('another voice takes over from the window, and a file that is no model is refused in words', async ({
  app,
  page,
}) => {
  test.setTimeout(90_000);
  const reason = missingVoice();
  test.skip(reason !== undefined, reason);
  await page.goto(await app.start({ audio: 'none' }));
  await page.getByRole('link', { name: 'Models' }).click();
  const hibari = page.getByTestId('model-hibari-heart');
  const piper = page.getByTestId(`model-${OTHER_VOICE}`);
  await expect(hibari).toContainText('In use');
  await expect(page.getByText('The starter model is small: it makes mistakes and knows little.')).toBeVisible();
  await piper.getByRole('button', { name: 'Use' }).click();
  await expect(piper).toContainText('In use', { timeout: 30_000 });
  await expect(hibari).not.toContainText('In use');

  await page.getByLabel('Path on the machine where Parley runs').fill(join(app.folder, 'none.gguf'));
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
