import type { Floor } from '../../main/contract/state.ts';
import { agentLine, readyState, userLine } from '../fakes/fake-app-server.ts';
import { expect, openTalkView, test } from './talk-view-fixture.ts';

const LABELS: Record<Floor, string> = {
  starting: 'Getting ready',
  listening: 'Listening',
  hearing: 'Hearing you',
  thinking: 'Thinking',
  speaking: 'Speaking',
  off: 'Muted',
};

test.describe('the floor', () => {
  test('is told in words, and drawn as another form in each state, with reduced motion too', async ({ page, app }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openTalkView(page, app);
    const pictures = new Map<string, string>();
    for (const [floor, label] of Object.entries(LABELS) as [Floor, string][]) {
      app.setState({ floor, muted: floor === 'off' });
      await expect(page.getByRole('status')).toContainText(label);
      const picture = await page.locator('canvas').screenshot();
      pictures.set(picture.toString('base64'), floor);
      expect(picture.equals(await page.locator('canvas').screenshot()), `${floor} stands still`).toBe(true);
    }
    expect([...pictures.values()]).toEqual(Object.keys(LABELS));
  });

  test('moves with the voice', async ({ page, app }) => {
    await openTalkView(page, app);
    app.setState({ floor: 'hearing' });
    await expect(page.getByRole('status')).toContainText('Hearing you');
    app.setLevels({ inputDbfs: -6 });
    const meter = page.getByRole('meter', { name: 'Microphone level' });
    await expect(meter).toHaveAttribute('aria-valuenow', '90');
    const before = await page.locator('canvas').screenshot();
    app.setLevels({ inputDbfs: -60 });
    await expect(meter).toHaveAttribute('aria-valuenow', '0');
    await expect.poll(async () => before.equals(await page.locator('canvas').screenshot())).toBe(false);
  });

  test('says which part restarts', async ({ page, app }) => {
    await openTalkView(page, app);
    const children = readyState().children.map((child) =>
      child.name === 'think' ? { ...child, status: 'restarting' as const, restarts: 1 } : child,
    );
    app.setState({ children });
    await expect(page.getByTestId('parts')).toHaveText('Language model is restarting');
    app.setState({ children: readyState().children });
    await expect(page.getByTestId('parts')).toHaveCount(0);
  });
});

test.describe('the transcript', () => {
  test('shows a partial apart from a final, and only finals in the log that is read aloud', async ({ page, app }) => {
    await openTalkView(page, app);
    app.putLine(userLine({ id: 'u', status: 'partial', text: 'How long for the leaks', stableChars: 12 }));
    const line = page.locator('[data-line-id=u]');
    await expect(line.getByTestId('stable')).toHaveText('How long for');
    await expect(line.getByTestId('unstable')).toHaveText('the leaks');
    await expect(line.getByTestId('unstable')).toHaveCSS('font-style', 'italic');
    await expect(page.getByRole('log')).not.toContainText('How long');
    app.putLine(userLine({ id: 'u', text: 'How long for the leeks?' }));
    await expect(page.getByRole('log').locator('[data-line-id=u]')).toContainText('How long for the leeks?');
    await expect(page.getByTestId('unstable')).toHaveCount(0);
    await expect(page.getByRole('log')).toHaveAttribute('aria-live', 'polite');
  });

  test('follows the answer word by word and strikes out what was never heard', async ({ page, app }) => {
    await openTalkView(page, app);
    const text = 'About twelve minutes over a low flame.';
    for (const [heardChars, word] of [
      [2, 'About'],
      [8, 'twelve'],
      [30, 'low'],
    ] as const) {
      app.putLine(agentLine({ id: 'a', status: 'speaking', text, heardChars }));
      await expect(page.getByTestId('current')).toHaveText(word);
    }
    app.putLine(agentLine({ id: 'a', status: 'interrupted', text, heardChars: 20 }));
    await expect(page.getByTestId('unheard')).toContainText('over a low flame.');
    await expect(page.getByTestId('unheard')).toHaveCSS('text-decoration-line', 'line-through');
    await expect(page.getByTestId('heard')).toHaveText('About twelve minutes');
  });

  test('says of a failed answer which stage failed and what to do', async ({ page, app }) => {
    await openTalkView(page, app);
    const error = { code: 'child-exited', stage: 'speak', message: '', retryable: true } as const;
    app.putLine(agentLine({ id: 'a', status: 'failed', text: '', error }));
    await expect(page.getByTestId('failure')).toContainText('The voice stopped unexpectedly.');
    await expect(page.getByTestId('failure')).toContainText('Say or type that again.');
  });

  test('says what took how long', async ({ page, app }) => {
    await openTalkView(page, app);
    const marks = [
      { name: 'reading', atMs: 204 },
      { name: 'endpoint', atMs: 240 },
      { name: 'first-audio', atMs: 700 },
      { name: 'audible', atMs: 842 },
    ];
    app.putLine(agentLine({ id: 'a', text: 'Twelve minutes.', timing: { marks, voiceToVoiceMs: 842 } }));
    await page.getByText('Answered in 0.84 s').click();
    await expect(page.getByTestId('timing').getByTestId('part')).toContainText([
      'The words are read',
      'Waiting for more words',
      'The voice makes its first sound',
      'The loudspeaker begins',
    ]);
  });

  test('follows a long conversation, except while its reader looks back', async ({ page, app }) => {
    for (let i = 0; i < 600; i++) app.putLine(userLine({ id: `u${i}`, text: `Line number ${i}` }));
    await openTalkView(page, app);
    await expect(page.getByText('Line number 599')).toBeInViewport();
    app.putLine(userLine({ id: 'next', text: 'One more line' }));
    await expect(page.getByText('One more line')).toBeInViewport();
    await page.getByRole('region', { name: 'Conversation' }).hover();
    await page.mouse.wheel(0, -3000);
    await expect(page.getByRole('button', { name: 'Latest' })).toBeVisible();
    app.putLine(userLine({ id: 'unseen', text: 'Said meanwhile' }));
    await expect(page.getByText('Said meanwhile')).toBeAttached();
    await expect(page.getByText('Said meanwhile')).not.toBeInViewport();
    await page.getByRole('button', { name: 'Latest' }).click();
    await expect(page.getByText('Said meanwhile')).toBeInViewport();
  });

  test('starts over only when that is meant', async ({ page, app }) => {
    await openTalkView(page, app);
    app.putLine(userLine({ id: 'u', text: 'Forget this' }));
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await expect(page.getByText('Forget this')).toBeVisible();
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'New conversation' }).click();
    await expect(page.getByText('Forget this')).toHaveCount(0);
    expect(app.commandsOf('new-conversation')).toHaveLength(1);
    expect(app.commandsOf('stop')).toHaveLength(0);
  });
});

test.describe('by keyboard', () => {
  test('space held is push-to-talk, once, and not while typing', async ({ page, app }) => {
    app.setState({ inputMode: 'push-to-talk' });
    await openTalkView(page, app);
    await page.keyboard.down(' ');
    await page.keyboard.down(' ');
    await expect(page.getByRole('status')).toContainText('Hearing you');
    await page.keyboard.up(' ');
    await app.when(() => app.commandsOf('push-to-talk').length >= 2);
    await page.getByRole('textbox').fill('two');
    await page.getByRole('textbox').press(' ');
    await expect(page.getByRole('textbox')).toHaveValue('two ');
    expect(app.commandsOf('push-to-talk').map(({ held }) => held)).toEqual([true, false]);
  });

  test('space is push-to-talk after a button was clicked with the mouse', async ({ page, app }) => {
    app.setState({ inputMode: 'push-to-talk' });
    await openTalkView(page, app);
    await page.getByRole('button', { name: 'Mute' }).click();
    await page.getByRole('button', { name: 'Muted' }).click();
    // While it is muted there is no push-to-talk.
    await expect(page.getByRole('button', { name: 'Mute', exact: true })).toBeVisible();
    await page.keyboard.down(' ');
    await app.when(() => app.commandsOf('push-to-talk').length === 1);
    await page.keyboard.up(' ');
    expect(app.commandsOf('set-muted')).toHaveLength(2);
  });

  test('escape stops, M mutes, and a focused control keeps its own keys', async ({ page, app }) => {
    await openTalkView(page, app);
    await page.keyboard.press('Escape');
    await app.when(() => app.commandsOf('stop').length === 1);
    await page.keyboard.press('m');
    await expect(page.getByRole('button', { name: 'Muted' })).toHaveAttribute('aria-pressed', 'true');
    await page.getByRole('switch', { name: 'Hands-free' }).press(' ');
    await expect(page.getByRole('button', { name: 'Hold to talk' })).toBeVisible();
    expect(app.commandsOf('push-to-talk')).toEqual([]);
  });

  test('a device is chosen, and escape closes the list rather than stopping the answer', async ({ page, app }) => {
    await openTalkView(page, app);
    const picker = page.getByRole('combobox', { name: 'Microphone: Built-in microphone' });
    await picker.press('Enter');
    await expect(page.getByRole('option')).toHaveCount(3);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('option')).toHaveCount(0);
    expect(app.commandsOf('stop')).toEqual([]);
    await picker.press('Enter');
    await page.getByRole('option', { name: 'Desk microphone' }).click();
    await expect(page.getByRole('combobox', { name: 'Microphone: Desk microphone' })).toBeVisible();
    expect(app.commandsOf('choose-device')).toEqual([{ type: 'choose-device', kind: 'input', deviceId: 'mic-2' }]);
  });

  test('everything can be reached, in the order in which it is seen, with a visible focus', async ({ page, app }) => {
    app.setState({ floor: 'speaking', inputMode: 'push-to-talk' });
    app.putLine(userLine({ id: 'u', text: 'Hello' }));
    await openTalkView(page, app);
    const order = [
      ...(await page.getByRole('navigation', { name: 'Views' }).getByRole('link').all()),
      page.getByRole('button', { name: 'Hold to talk' }),
      page.getByRole('button', { name: 'Mute' }),
      page.getByRole('button', { name: 'Stop' }),
      page.getByRole('switch'),
      page.getByRole('combobox', { name: /^Microphone/ }),
      page.getByRole('combobox', { name: /^Loudspeaker/ }),
      page.getByRole('button', { name: 'New conversation' }),
      page.getByRole('region', { name: 'Conversation' }),
    ];
    for (const control of order) {
      await page.keyboard.press('Tab');
      await expect(control).toBeFocused();
      await expect(control).toHaveCSS('outline-style', 'solid');
    }
    await page.keyboard.press('Tab');
    await expect(page.getByRole('textbox')).toBeFocused();
  });
});

test.describe('by hand', () => {
  test('the button held is push-to-talk', async ({ page, app }) => {
    app.setState({ inputMode: 'push-to-talk' });
    await openTalkView(page, app);
    await page.getByRole('button', { name: 'Hold to talk' }).hover();
    await page.mouse.down();
    await expect(page.getByRole('button', { name: 'Let go to send' })).toBeVisible();
    await page.mouse.move(5, 5);
    await page.mouse.up();
    await app.when(() => app.commandsOf('push-to-talk').length === 2);
  });

  test('a typed turn is sent, and problems can be put away', async ({ page, app }) => {
    const error = { code: 'device-lost', stage: 'audio', message: '', retryable: true } as const;
    app.setState({ problems: [{ id: 'p', error, title: 'The device went away.', nextStep: 'Plug it in again.' }] });
    await openTalkView(page, app);
    await page.getByRole('textbox').fill('What time is it?');
    await page.getByRole('textbox').press('Enter');
    await expect(page.getByRole('textbox')).toHaveValue('');
    await app.when(() => app.commandsOf('say').length === 1);
    expect(app.commandsOf('say')[0]?.text).toBe('What time is it?');
    await expect(page.getByTestId('banner')).toContainText('Plug it in again.');
    await page.getByRole('button', { name: /^Dismiss/ }).click();
    await expect(page.getByTestId('banner')).toHaveCount(0);
  });
});

test.describe('the connection', () => {
  test('comes back by itself after the app restarted, with the state and words as they are then', async ({
    page,
    app,
  }) => {
    app.putLine(userLine({ id: 'u', text: 'Before' }));
    await openTalkView(page, app);
    await app.close();
    await expect(page.getByRole('status')).toContainText('Reconnecting');
    await expect(page.getByText('Before')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Mute' })).toBeDisabled();
    app.state = { ...app.state, floor: 'speaking' };
    await app.start();
    app.putLine(agentLine({ id: 'a', text: 'After' }));
    await expect(page.getByRole('status')).toContainText('Speaking');
    await expect(page.getByText('After')).toBeVisible();
    await expect(page.getByTestId('banner')).toHaveCount(0);
  });

  test('shows the same after a reload', async ({ page, app }) => {
    app.setState({ floor: 'thinking', inputMode: 'push-to-talk' });
    app.putLine(userLine({ id: 'u', text: 'Still here' }));
    await openTalkView(page, app);
    await page.reload();
    await expect(page.getByRole('status')).toContainText('Thinking');
    await expect(page.getByText('Still here')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Hold to talk' })).toBeVisible();
  });

  test('says what to do when the app does not let this browser in', async ({ page, app }) => {
    await openTalkView(page, app);
    await app.close();
    app.refusesEverybody = true;
    await app.start();
    await expect(page.getByTestId('banner')).toContainText('This browser may not use this Parley yet.');
  });
});
