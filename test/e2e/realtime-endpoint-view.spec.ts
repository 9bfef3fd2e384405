import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { LOOPBACK_LABEL } from '../../main/contract/architecture.ts';
import { DEFAULT_REALTIME_ENDPOINT, type RealtimeEndpointState } from '../../main/contract/realtime-endpoint.ts';
import { expect, test } from './talk-view-fixture.ts';
import type { FakeAppServer } from '../fakes/fake-app-server.ts';

const TOKEN = 'a-token-that-nobody-else-knows';
const SERVING: RealtimeEndpointState = {
  settings: { ...DEFAULT_REALTIME_ENDPOINT, enabled: true },
  status: 'serving',
  address: 'ws://127.0.0.1:7412/v1/realtime',
  serves: LOOPBACK_LABEL,
  choices: [
    { id: 'cascade', label: LOOPBACK_LABEL, kind: 'loopback', unavailable: null },
    { id: 'openai-realtime', label: 'OpenAI Realtime', kind: 'speech-to-speech', unavailable: null },
    { id: 'ultravox', label: 'Ultravox', kind: 'speech-to-speech', unavailable: 'It needs a key.' },
  ],
  client: null,
  error: null,
};
const OFF: RealtimeEndpointState = {
  ...SERVING,
  settings: DEFAULT_REALTIME_ENDPOINT,
  status: 'off',
  address: null,
};

async function openSettings(page: Page, app: FakeAppServer, state: RealtimeEndpointState): Promise<void> {
  app.setState({ realtimeEndpoint: state });
  await page.goto(`${app.url}#/settings`);
  await expect(page.getByRole('heading', { name: 'Realtime endpoint for other programs' })).toBeVisible();
}

test('the endpoint is off until it is switched on, and then says where it is and that it is a cascade', async ({
  page,
  app,
}) => {
  await openSettings(page, app, OFF);
  await expect(page.getByText('Off: nobody can connect.')).toBeVisible();
  await page.getByRole('switch', { name: /programs of this machine talk to Parley/ }).click();
  await app.when(() => app.commandsOf('set-realtime-endpoint').length > 0);
  expect(app.commandsOf('set-realtime-endpoint')[0]!.settings).toEqual({ enabled: true });
  app.setState({ realtimeEndpoint: SERVING });
  const status = page.getByTestId('endpoint-status');
  await expect(status).toContainText(`${LOOPBACK_LABEL} at ws://127.0.0.1:7412/v1/realtime`);
  await expect(status).toContainText('Nobody is connected.');
  await expect(page.getByText('a cascade, not a speech-to-speech model')).toBeVisible();
  app.setState({
    realtimeEndpoint: { ...SERVING, client: { name: 'robot/1.0', since: '2030-01-01T12:00:00.000Z' } },
  });
  await expect(page.getByTestId('endpoint-client')).toContainText('robot/1.0');
  const choice = page.getByLabel('What answers there');
  await expect(choice.getByRole('option')).toHaveText([LOOPBACK_LABEL, 'OpenAI Realtime']);
  await choice.selectOption('openai-realtime');
  await app.when(() => app.commandsOf('set-realtime-endpoint').length > 1);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});

test('the token is copied when it is asked for, and shown only where there is no clipboard', async ({
  page,
  app,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openSettings(page, app, SERVING);
  await page.getByRole('button', { name: 'Copy token' }).click();
  await app.when(() => app.commandsOf('show-realtime-token').length > 0);
  app.send({ type: 'realtime-token', token: TOKEN });
  await expect(page.getByText('The token is in the clipboard.')).toBeVisible();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(TOKEN);
  await expect(page.getByText(TOKEN)).toHaveCount(0);
  await page.getByRole('button', { name: 'New token' }).click();
  await app.when(() => app.commandsOf('renew-realtime-token').length > 0);
  await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))');
  await page.getByRole('button', { name: 'Copy token' }).click();
  app.send({ type: 'realtime-token', token: TOKEN });
  await expect(page.getByText(TOKEN)).toBeVisible();
});

test('a port that is taken is said to be, where another one can be chosen', async ({ page, app }) => {
  await openSettings(page, app, {
    ...SERVING,
    status: 'failed',
    address: null,
    error: { code: 'port-in-use', stage: 'transport', message: '', retryable: false },
  });
  await expect(page.getByRole('alert')).toContainText('Another program uses port 7412.');
  const port = page.getByLabel('Port (0: any that is free)');
  await port.fill('0');
  await port.press('Enter');
  await app.when(() => app.commandsOf('set-realtime-endpoint').length > 0);
  expect(app.commandsOf('set-realtime-endpoint')[0]!.settings).toEqual({ port: 0 });
});
