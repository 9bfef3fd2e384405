import AxeBuilder from '@axe-core/playwright';
import { agentLine, readyState, userLine } from '../fakes/fake-app-server.ts';
import type { FakeAppServer } from '../fakes/fake-app-server.ts';
import { expect, openTalkView, test } from './talk-view-fixture.ts';

const error = { code: 'child-exited', stage: 'think', message: '', retryable: true } as const;

/** Everything that the window can show, at once. */
function showEverything(app: FakeAppServer): void {
  const text = 'About twelve minutes over a low flame. Soft and sweet, not brown.';
  const timing = { marks: [{ name: 'audible', atMs: 842 }], voiceToVoiceMs: 842 };
  app.putLine(userLine({ id: 'u1', text: 'And how long for the leeks?', source: 'typed' }));
  app.putLine(agentLine({ id: 'a1', status: 'interrupted', text, heardChars: 20, timing }));
  app.putLine(agentLine({ id: 'a2', status: 'failed', text: '', error }));
  app.putLine(agentLine({ id: 'a3', status: 'speaking', text, heardChars: 20 }));
  app.putLine(userLine({ id: 'u2', status: 'partial', text: 'Wait, what about the', stableChars: 5 }));
  app.setState({
    inputMode: 'push-to-talk',
    problems: [{ id: 'p', error, title: 'The language model stopped.', nextStep: 'It is being restarted.' }],
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    test(`axe finds nothing in ${colorScheme} at ${width} px`, async ({ page, app }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await openTalkView(page, app);
      const floors = ['starting', 'listening', 'hearing', 'thinking', 'speaking', 'off'] as const;
      for (const floor of floors) {
        app.setState({ ...readyState(), floor, muted: floor === 'off' });
        if (floor === 'speaking') showEverything(app);
        await expect(page.getByTestId('floor')).toHaveAttribute('data-floor', floor);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
          floor,
        ).toEqual([]);
      }
    });
  }
}

test('axe finds nothing in an open device list and in the question before starting over', async ({ page, app }) => {
  app.putLine(userLine({ id: 'u', text: 'Hello' }));
  await openTalkView(page, app);
  await page.getByRole('combobox', { name: /^Microphone/ }).click();
  await expect(page.getByRole('option').first()).toBeVisible();
  expect(
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
  ).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
  ).toEqual([]);
});

for (const [width, height] of [
  [360, 640],
  [390, 844],
  [768, 1024],
  [1280, 720],
  [1280, 800],
  [2560, 1300],
] as const) {
  test(`nothing is cut off at ${width} × ${height}`, async ({ page, app }) => {
    await page.setViewportSize({ width, height });
    await openTalkView(page, app);
    showEverything(app);
    await expect(page.getByTestId('failure')).toBeAttached();
    for (const name of ['Hold to talk', 'Mute', 'Stop', 'New conversation', 'Send']) {
      await expect(page.getByRole('button', { name }).first()).toBeInViewport({ ratio: 1 });
    }
    await expect(page.locator('[data-line-id=u2]')).toBeInViewport();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const words = (await page.getByTestId('floor').boundingBox())!;
    const button = (await page.getByRole('button', { name: 'Hold to talk' }).boundingBox())!;
    const isBeside = words.x >= button.x + button.width || button.x >= words.x + words.width;
    expect(isBeside || words.y + words.height <= button.y, 'the button covers none of the words').toBe(true);
  });
}
