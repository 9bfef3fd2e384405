import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { LOOPBACK_LABEL, type ArchitectureState } from '../../main/contract/architecture.ts';
import type { ProvidersState } from '../../main/contract/secrets.ts';
import { CASCADE_CAPABILITIES } from '../../main/cascade/cascade.ts';
import { agentLine, userLine, type FakeAppServer } from '../fakes/fake-app-server.ts';
import { expect, openTalkView, test } from './talk-view-fixture.ts';

const HOSTED = { ...CASCADE_CAPABILITIES, lineByLineTranscript: false, customVoice: false, offline: false };
const WHY_NOT = 'Gemini Live needs a key: set GEMINI_API_KEY, or add a key in Settings › Providers.';
const ARCHITECTURES: ArchitectureState = {
  currentId: 'cascade',
  isSwitching: false,
  choices: [
    choice('cascade', 'Cascade on this machine', {}),
    choice('naive-cascade', 'Naive cascade', { isBaseline: true }),
    choice('loopback', LOOPBACK_LABEL, { kind: 'loopback' }),
    choice('openai-realtime', 'OpenAI Realtime', { kind: 'speech-to-speech', capabilities: HOSTED }),
    choice('gemini-live', 'Gemini Live', { kind: 'speech-to-speech', capabilities: HOSTED, unavailable: WHY_NOT }),
  ],
};
const PROVIDERS: ProvidersState = {
  keeping: 'memory',
  providers: [
    {
      id: 'openai',
      label: 'OpenAI',
      purpose: 'Speech-to-speech with its Realtime models.',
      variable: 'OPENAI_API_KEY',
      key: { from: 'environment', fingerprint: '9xQz' },
      canTest: true,
      test: null,
    },
    {
      id: 'gemini',
      label: 'Google Gemini',
      purpose: 'Speech-to-speech with Gemini Live.',
      variable: 'GEMINI_API_KEY',
      key: null,
      canTest: true,
      test: null,
    },
  ],
};

function choice(id: string, label: string, more: Partial<ArchitectureState['choices'][number]>) {
  const plain = { kind: 'cascade', capabilities: CASCADE_CAPABILITIES, unavailable: null, isBaseline: false } as const;
  return { id, label, ...plain, ...more };
}

async function openTalk(page: Page, app: FakeAppServer): Promise<void> {
  app.setState({ architecture: ARCHITECTURES, providers: PROVIDERS });
  await openTalkView(page, app);
}

test('by keyboard alone another architecture is chosen, the switch is shown, and answers say whose they are', async ({
  page,
  app,
}) => {
  await openTalk(page, app);
  await page.getByTestId('architecture').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Who answers' })).toBeVisible();
  const openAi = page.getByRole('button', { name: 'OpenAI Realtime' });
  while (!(await openAi.evaluate((element) => element.ownerDocument.activeElement === element)))
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await app.when(() => app.commandsOf('set-architecture').length === 1);
  expect(app.commandsOf('set-architecture')[0]?.architectureId).toBe('openai-realtime');
  await expect(page.getByRole('dialog')).toBeHidden();
  app.setState({ architecture: { ...ARCHITECTURES, currentId: 'openai-realtime', isSwitching: true } });
  await expect(page.getByTestId('architecture')).toContainText('Switching to OpenAI Realtime');
  app.setState({ architecture: { ...ARCHITECTURES, currentId: 'openai-realtime' } });
  await expect(page.getByTestId('architecture')).not.toContainText('Switching');
  await expect(page.getByTestId('engines')).toContainText('What you say leaves this machine');

  app.setState({
    remoteUsage: {
      architectureId: 'openai-realtime',
      connectedMs: 90_000,
      totals: { inputTokens: 4000, cachedTokens: 1000, outputTokens: 1000 },
      answers: [{ inputTokens: 3000, cachedTokens: 1000, outputTokens: 500 }],
      cost: { usd: 0.1604, meter: 'tokens', priceDate: '2026-11-01' },
    },
  });
  await expect(page.getByTestId('remote-usage')).toContainText(
    '4,000 tokens in, 1,000 out; the last answer read 3,000',
  );
  await expect(page.getByTestId('remote-usage')).toContainText('about $0.160 by tokens, price of 2026-11-01');
  const architecture = { id: 'loopback', label: LOOPBACK_LABEL, kind: 'loopback' as const };
  const claimedEmotion = { label: 'cheerful', grounding: 'claimed, ungrounded' } as const;
  app.putLine(userLine({ id: 'u1', text: 'Hello?', recognisedLocally: 'Hallo', claimedEmotion }));
  await expect(page.getByTestId('recognised-locally')).toHaveText(/Recognised locally\s+Hallo/);
  await expect(page.getByTestId('claimed-emotion')).toContainText('Claimed, ungrounded');
  app.putLine(agentLine({ id: 'a1', text: 'Good day.', architecture }));
  await expect(page.getByTestId('answered-by')).toHaveText(`Answered by ${LOOPBACK_LABEL}`);
});

test('what cannot be chosen says why, and leads to the place where it can be connected', async ({ page, app }) => {
  await openTalk(page, app);
  await page.getByTestId('architecture').click();
  await expect(page.getByRole('button', { name: 'Gemini Live' })).toBeDisabled();
  await expect(page.getByTestId('why-not')).toHaveText(WHY_NOT);
  await page.getByRole('link', { name: 'Connect a provider' }).click();
  await expect(page.getByRole('heading', { name: 'Providers' })).toBeFocused();
});

test('a key is given, tested and removed, and is nowhere in the page afterwards', async ({ page, app }) => {
  await openTalk(page, app);
  await page.goto(`${app.url}#/settings/providers`);
  await expect(page.getByText('A key is known from OPENAI_API_KEY, ending in 9xQz.')).toBeVisible();
  await page.getByRole('button', { name: 'Add a key for Google Gemini' }).click();
  await page.getByRole('textbox', { name: 'Key' }).fill('a-key-that-nobody-sees-7Hk2');
  await page.keyboard.press('Enter');
  await app.when(() => app.commandsOf('set-provider-key').length === 1);
  expect(app.commandsOf('set-provider-key')[0]).toMatchObject({
    providerId: 'gemini',
    key: 'a-key-that-nobody-sees-7Hk2',
  });
  await expect(page.getByRole('textbox', { name: 'Key' })).toBeHidden();
  expect(await page.content()).not.toContain('nobody-sees');

  const [openAi, gemini] = PROVIDERS.providers as [never, ProvidersState['providers'][number]];
  const key = { from: 'window', fingerprint: '7Hk2' } as const;
  const show = (test: ProvidersState['providers'][number]['test']): void =>
    app.setState({ providers: { keeping: 'plain-text', providers: [openAi, { ...gemini, key, test }] } });
  show(null);
  await expect(page.getByTestId('keeping')).toContainText('Keys are not protected');
  await page.getByRole('button', { name: 'Test connection to Google Gemini' }).click();
  await app.when(() => app.commandsOf('test-provider').length === 1);
  const refused = { code: 'endpoint-refused', stage: 'think', message: 'refused', retryable: false } as const;
  show({ status: 'failed', error: refused });
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Remove key of Google Gemini' }).click();
  await app.when(() => app.commandsOf('remove-provider-key').length === 1);
});

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 360],
] as const) {
  test(`axe finds nothing in the switch and the providers in ${colorScheme} at ${width} px`, async ({ page, app }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openTalk(page, app);
    const look = async (name: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      if (process.env.PARLEY_LOOK) await page.screenshot({ path: `${process.env.PARLEY_LOOK}/${name}-${width}.png` });
    };
    app.putLine(userLine({ id: 'u1', text: 'Hello?', recognisedLocally: 'Hallo' }));
    app.putLine(agentLine({ id: 'a1', text: 'Good day.', architecture: ARCHITECTURES.choices[2]! }));
    await page.getByTestId('architecture').click();
    await expect(page.getByRole('dialog', { name: 'Who answers' })).toBeVisible();
    await look('switch');
    await page.getByRole('link', { name: 'Connect a provider' }).click();
    await page.getByRole('button', { name: 'Add a key for Google Gemini' }).click();
    await look('providers');
  });
}
