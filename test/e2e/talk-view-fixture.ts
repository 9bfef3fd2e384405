import { expect, test as base, type Page } from '@playwright/test';
import { FakeAppServer } from '../fakes/fake-app-server.ts';

export interface TalkView {
  app: FakeAppServer;
  /** What the browser complained about: script errors, violations of the Content-Security-Policy, failed requests. */
  complaints: string[];
}

/** A fake app for each test, and a page whose console stays clean. */
export const test = base.extend<TalkView>({
  app: async ({}, use) => {
    const app = new FakeAppServer();
    await app.start();
    await use(app);
    await app.close();
  },
  complaints: async ({}, use) => use([]),
  page: async ({ page, complaints }, use) => {
    page.on('console', (message) => {
      // A connection that is refused while the app is away is reported by the browser, and is what some tests are about.
      const expected = /WebSocket connection|ERR_CONNECTION_REFUSED|401 \(Unauthorized\)/.test(message.text());
      if (message.type() === 'error' && !expected) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(page);
    expect(complaints, 'the console of the page').toEqual([]);
  },
});

export async function openTalkView(page: Page, app: FakeAppServer, query = ''): Promise<void> {
  await page.goto(app.url + query);
  await app.when(() => app.connectionCount > 0);
  await expect(page.getByTestId('floor')).not.toHaveAttribute('data-floor', 'disconnected');
  await expect(
    page.getByRole('button', { name: 'Mute' }).or(page.getByRole('button', { name: 'Muted' })),
  ).toBeEnabled();
}

export { expect };
