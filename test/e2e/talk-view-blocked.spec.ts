import { expect, openTalkView, test } from './talk-view-fixture.ts';

// This browser has no imitated devices and nobody who could allow anything.
test('a microphone that may not be used is explained, with what to do', async ({ page, app }) => {
  await openTalkView(page, app);
  await page.getByRole('combobox', { name: /^Microphone:/ }).click();
  await page.getByRole('option', { name: 'This browser tab' }).click();
  await expect(page.getByTestId('banner')).toContainText(/microphone/i);
  await expect(page.getByTestId('banner')).toContainText(/Allow|Connect one/);
  expect(app.commandsOf('use-browser-audio')).toEqual([]);
});
