import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { GuardrailsState } from '../../main/contract/guardrails.ts';
import { DEFAULT_GUARD_RULES } from '../../main/domain/guardrails/default-rules.ts';
import { agentLine, userLine, type FakeAppServer } from '../fakes/fake-app-server.ts';
import { expect, openTalkView, test } from './talk-view-fixture.ts';

const guardrails: GuardrailsState = {
  rules: DEFAULT_GUARD_RULES.rules,
  problems: [{ ruleId: 'money-advice', words: 'missing closing )' }],
  lexicon: [{ word: 'Siobhan', spoken: 'Shivawn', phonemes: 'ʃəvˈɔn' }],
  takesPhonemes: true,
  log: [
    {
      id: 'l1',
      at: '2030-01-01T00:00:00.000Z',
      ruleId: 'profanity',
      ruleName: 'No swearing in answers',
      direction: 'answer',
      outcome: 'replaced',
      before: 'Well, damn.',
      after: 'Well, bleep.',
    },
  ],
};

async function violations(page: Page): Promise<string[]> {
  return (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** For the docs: `PARLEY_SCREENSHOTS` is a folder. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env.PARLEY_SCREENSHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

async function openGuardrails(page: Page, app: FakeAppServer): Promise<void> {
  await openTalkView(page, app);
  await page.getByRole('link', { name: 'Guardrails' }).click();
  await app.when(() => app.commandsOf('watch-guardrails').some(({ on }) => on));
  app.send({ type: 'guardrails', guardrails });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`rules, pronunciations and the record are shown without a finding of axe, ${colorScheme}`, async ({
    page,
    app,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openGuardrails(page, app);
    await expect(page.getByText('Does nothing: missing closing )')).toBeVisible();
    await expect(page.getByText('Well, bleep.')).toBeVisible();
    await page.getByRole('button', { name: 'Edit No investment tips' }).click();
    expect(await violations(page)).toEqual([]);
    await keep(page, `guardrails-${colorScheme}`);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await violations(page)).toEqual([]);
  });
}

test('a rule is switched on, changed and tried', async ({ page, app }) => {
  await openGuardrails(page, app);
  await page.getByRole('switch', { name: 'No swearing in answers' }).click();
  await app.when(() => app.commandsOf('set-guard-rules').length === 1);
  expect(app.commandsOf('set-guard-rules')[0]!.file.rules[0]).toMatchObject({ id: 'profanity', enabled: true });

  await page.getByRole('button', { name: 'Edit No investment tips' }).click();
  await page.getByLabel('What is said instead when it is blocked').fill('Not my field.');
  await page.getByRole('button', { name: 'Save' }).click();
  await app.when(() => app.commandsOf('set-guard-rules').length === 2);
  const saved = app.commandsOf('set-guard-rules')[1]!.file.rules.find(({ id }) => id === 'money-advice')!;
  expect(saved.action).toEqual({ type: 'block', say: 'Not my field.' });

  await page.getByLabel('Text to try').fill('Buy now');
  await app.when(() => app.commandsOf('try-guardrails').at(-1)?.text === 'Buy now');
});

test('a pronunciation is listened to before it is kept', async ({ page, app }) => {
  await openGuardrails(page, app);
  await page.getByLabel('Word', { exact: true }).fill('GIF');
  await page.getByLabel('Said like').fill('jif');
  await page.getByRole('button', { name: 'Listen', exact: true }).click();
  await app.when(() => app.commandsOf('hear-word').length === 1);
  expect(app.commandsOf('hear-word')[0]).toMatchObject({ text: 'GIF', entry: { word: 'GIF', spoken: 'jif' } });
  await page.getByRole('button', { name: 'Keep' }).click();
  await app.when(() => app.commandsOf('set-lexicon').length === 1);
  expect(app.commandsOf('set-lexicon')[0]!.file.entries.map(({ word }) => word)).toEqual(['Siobhan', 'GIF']);
});

test('a text that waits for a word is shown in every view and answered with a click', async ({ page, app }) => {
  await openTalkView(page, app);
  const until = '2030-01-01T00:00:30.000Z';
  const question = { id: 'q', ruleName: 'Ask first', direction: 'answer', text: 'Shall I say this?', until } as const;
  app.send({ type: 'guard-questions', questions: [question] });
  await expect(page.getByTestId('guard-question')).toContainText('Shall I say this?');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Let it pass' }).click();
  await app.when(() => app.commandsOf('answer-guard-question').length === 1);
  expect(app.commandsOf('answer-guard-question')[0]).toMatchObject({ questionId: 'q', allow: true });
  app.send({ type: 'guard-questions', questions: [] });
  await expect(page.getByTestId('guard-question')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the waterfall of a turn adds up to the time that is shown, ${colorScheme}`, async ({ page, app }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const at: Record<string, number> = {
      ...{ 'first-partial': -1240.4, anticipated: -1239.9, 'reading-asked': 121.6, reading: 233.3 },
      ...{ 'answer-started': 96.2, source: 97.1, 'first-token': 288.7, 'first-clause': 391.4, 'first-audio': 452.9 },
      ...{ endpoint: 421.5, queued: 453.2, audible: 500.4 },
    };
    const marks = Object.entries(at).map(([name, atMs]) => ({ name, atMs }));
    const end = { policy: 'semantic', shape: 'question', completeProbability: 0.31 };
    const timing = { marks, voiceToVoiceMs: 500.4, end };
    app.putLine(userLine({ id: 'u1', text: 'How long do leeks take?' }));
    app.putLine(agentLine({ id: 'a1', text: 'About twelve minutes.', timing, answeredBy: 'model' }));
    await openTalkView(page, app);
    await page.getByText('Answered in 0.50 s').click();
    const parts = page.getByTestId('part');
    await expect(parts.first()).toBeVisible();
    const shown = await parts.locator('td:last-child').allTextContents();
    expect(shown.reduce((sum, text) => sum + parseInt(text, 10), 0)).toBe(500);
    await expect(page.getByTestId('total')).toHaveText('500 ms');
    await expect(page.getByText('a question or request; sounds unfinished: 0.31')).toBeVisible();
    await expect(page.getByTestId('work').first()).toContainText('Words recognised as you speak');
    await keep(page, `waterfall-${colorScheme}`);
    expect(await violations(page)).toEqual([]);
  });
}
