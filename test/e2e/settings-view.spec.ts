import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { CaptureChainState } from '../../main/contract/capture-chain.ts';
import { DEFAULT_CAPTURE_CHAIN } from '../../main/contract/capture-chain.ts';
import { preferencesSchema } from '../../main/contract/preferences.ts';
import { DEFAULT_SETTINGS } from '../../main/platform/settings.ts';
import { readyState, type FakeAppServer } from '../fakes/fake-app-server.ts';
import { expect, test } from './talk-view-fixture.ts';

const CHAIN: CaptureChainState = {
  settings: DEFAULT_CAPTURE_CHAIN,
  echoCancelling: false,
  denoising: false,
  halfDuplex: false,
  halfDuplexReason: null,
  erleDb: 31.4,
  snrDb: 24,
  noiseFloorDbfs: -58,
  gainDb: 0,
  unavailable: [],
};

async function openSettings(page: Page, app: FakeAppServer): Promise<void> {
  app.setState({
    preferences: preferencesSchema.parse(DEFAULT_SETTINGS),
    audio: { ...readyState().audio, chain: CHAIN },
    globalKeys: { talk: { works: 'toggle', because: 'wayland' }, mute: { works: 'off' } },
  });
  await page.goto(app.url);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeFocused();
  await expect(page.getByRole('radio', { name: /^Hands-free/ })).toBeChecked();
}

test('what is changed in the settings is asked for, shown, and there after a reload', async ({ page, app }) => {
  await openSettings(page, app);
  await page.getByRole('radio', { name: /^After 0\.3 s/ }).check();
  await page.getByRole('switch', { name: 'Ask again when you do not answer' }).click();
  await page.getByRole('switch', { name: 'Automatic gain' }).click();
  await page.getByRole('radio', { name: /^Press once to begin/ }).check();
  await page.getByRole('radio', { name: /^When called/ }).check();
  const phrase = page.getByRole('textbox', { name: 'What you call it by' });
  await phrase.fill('Hal');
  await phrase.press('Enter');
  await expect(page.getByText('This cannot be used')).toBeVisible();
  await phrase.fill('Hello Jarvis');
  await phrase.press('Enter');
  await app.when(() => app.commandsOf('set-preferences').length === 4);
  await page.reload();
  await expect(page.getByRole('radio', { name: /^After 0\.3 s/ })).toBeChecked();
  await expect(page.getByRole('switch', { name: 'Ask again when you do not answer' })).not.toBeChecked();
  await expect(page.getByRole('switch', { name: 'Automatic gain' })).toBeChecked();
  await expect(page.getByRole('radio', { name: /^Press once to begin/ })).toBeChecked();
  await expect(page.getByRole('textbox', { name: 'What you call it by' })).toHaveValue('Hello Jarvis');
});

test('the table of replies and the skills go before a hosted model only where that is wanted', async ({
  page,
  app,
}) => {
  await openSettings(page, app);
  const first = page.getByRole('switch', { name: 'Let this machine answer first' });
  await expect(first).not.toBeChecked();
  await first.click();
  await app.when(() => app.commandsOf('set-preferences').length === 1);
  expect(app.commandsOf('set-preferences')[0]!.preferences).toEqual({ localFirst: true });
  await expect(first).toBeChecked();
});

test('by keyboard, one press of space begins a turn and the next sends it, in every view', async ({ page, app }) => {
  await openSettings(page, app);
  const preferences = { ...app.state.preferences!, pushToTalk: 'toggle' as const };
  app.setState({ inputMode: 'push-to-talk', preferences });
  await expect(page.getByRole('radio', { name: /^Push-to-talk/ })).toBeChecked();
  await page.keyboard.press(' ');
  await expect(page.getByTestId('floor')).toContainText('Hearing you');
  await page.getByRole('link', { name: 'Talk', exact: true }).press('Enter');
  await expect(page.getByRole('button', { name: 'Press to send' })).toBeVisible();
  await page.keyboard.press(' ');
  await app.when(() => app.commandsOf('push-to-talk').length === 2);
  expect(app.commandsOf('push-to-talk').map(({ held }) => held)).toEqual([true, false]);
});

test('the test of the room is started, followed and understood', async ({ page, app }) => {
  await openSettings(page, app);
  await page.getByRole('button', { name: 'Test this room' }).click();
  await app.when(() => app.commandsOf('test-room').length === 1);
  app.setState({ floor: 'off', roomTest: { status: 'running', step: 'sweep', progress: 0.25 } });
  await expect(page.getByTestId('room-test')).toContainText('Playing a tone that rises');
  await expect(page.getByTestId('floor')).toContainText('Testing the room');
  const result = { noiseFloorDbfs: -58, roundTripMs: 92, echoDb: -9, erleDb: 6, residualDbfs: -35 };
  app.setState({ floor: 'listening', roomTest: { status: 'done', result: { ...result, verdict: 'half-duplex' } } });
  await expect(page.getByTestId('room-test')).toContainText('Parley turns the microphone off while it speaks');
});

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 360],
] as const) {
  test(`axe finds nothing in the settings in ${colorScheme} at ${width} px, and nothing is cut off`, async ({
    page,
    app,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openSettings(page, app);
    app.setState({ inputMode: 'wake-phrase', wake: 'asleep', roomTest: { status: 'refused', because: 'talking' } });
    await expect(page.getByTestId('floor')).toContainText('Waiting to be called');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
}
