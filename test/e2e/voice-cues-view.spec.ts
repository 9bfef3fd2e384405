import AxeBuilder from '@axe-core/playwright';
import type { VoiceCue } from '../../main/contract/voice-cues.ts';
import { DEFAULT_VOICE_CUES } from '../../main/contract/voice-cues.ts';
import { agentLine, userLine, type FakeAppServer } from '../fakes/fake-app-server.ts';
import { expect, openTalkView, test } from './talk-view-fixture.ts';

const tense: VoiceCue = {
  word: 'tense',
  reason: null,
  arousal: { value: 0.93, halfWidth: 0.25 },
  valence: { value: 0.2, halfWidth: 0.4 },
  evidence: [
    { measure: 'pitch', difference: 3.1, unit: 'st' },
    { measure: 'loudness', difference: 6, unit: 'dB' },
    { measure: 'rate', difference: 20, unit: '%' },
  ],
  baselineTurns: 14,
  words: 'positive',
  disagreement: 'tense-praise',
  claims: [],
};
const calm: VoiceCue = {
  ...tense,
  word: 'calm',
  arousal: { value: 0.12, halfWidth: 0.32 },
  valence: { value: 0.55, halfWidth: 0.5 },
  words: null,
  disagreement: null,
};
const unclear: VoiceCue = {
  ...tense,
  word: 'unclear',
  reason: 'noisy',
  arousal: null,
  valence: null,
  disagreement: null,
};

function show(app: FakeAppServer, latest: VoiceCue): void {
  app.setState({ voiceCues: { ...DEFAULT_VOICE_CUES, baselineTurns: 14, baselineNeeded: 6 } });
  app.putLine(userLine({ id: 'u1', text: 'How long do leeks take?', status: 'final', voice: calm }));
  app.putLine(agentLine({ id: 'a1', status: 'done', text: 'About twelve minutes.', heardChars: 21 }));
  app.putLine(userLine({ id: 'u2', text: 'Great. Just great.', status: 'final', voice: latest }));
  app.putLine(
    agentLine({
      id: 'a2',
      status: 'done',
      text: 'I see.',
      heardChars: 6,
      voiceUse: { promptLine: '[voice: sounds tense; words: positive]', choseAnswer: true, pace: 0.94 },
    }),
  );
}

test('a line says how it sounded, shows its evidence when asked, and the answer what that changed', async ({
  page,
  app,
}) => {
  show(app, tense);
  await openTalkView(page, app);
  const note = page.getByTestId('voice-note').last();
  await expect(note.getByText('Sounds tense')).toBeVisible();
  await expect(note.getByText('voice and words differ')).toBeVisible();
  await expect(note.getByTestId('voice-evidence')).toBeHidden();
  await note.locator('summary').click();
  await expect(note.getByTestId('voice-evidence')).toHaveText(
    'Measured: pitch +3.1 st, loudness +6 dB, rate +20% against your baseline of 14 turns.',
  );
  await expect(note.getByText('real conversation is much harder')).toBeVisible();
  await expect(page.getByTestId('voice-use')).toContainText('The shorter of the prepared answers was chosen');
  await expect(page.getByTestId('voice-trace').getByText('Sounds tense')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});

test('what is unclear is said to be, with the reason', async ({ page, app }) => {
  show(app, unclear);
  await openTalkView(page, app);
  await expect(page.getByTestId('voice-trace').getByText('Voice unclear')).toBeVisible();
  await expect(page.getByTestId('voice-trace').getByText('Too much noise around the voice.')).toBeVisible();
});

test('the settings switch it off, and forget the voice', async ({ page, app }) => {
  show(app, calm);
  await openTalkView(page, app);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Forget my voice' }).click();
  await app.when(() => app.commandsOf('forget-voice-baselines').length > 0);
  await page.getByRole('switch', { name: 'Notice how things are said' }).click();
  await app.when(() => app.commandsOf('set-voice-cues').length > 0);
  expect(app.commandsOf('set-voice-cues')[0]!.settings).toEqual({ voiceCues: false });
});
