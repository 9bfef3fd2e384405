import type { EvaluationRun } from '../../main/contract/evaluation.ts';
import type { Rerun } from '../../main/contract/evaluation-report.ts';
import { comparisonReport } from '../fixtures/comparison-report.ts';
import { AGENT_HZ, USER_HZ } from '../fixtures/comparison-sound.ts';
import { entry, RUN_ID } from '../fakes/fake-evaluation.ts';
import { expect, openCompare, openRun, test } from './compare-view-fixture.ts';

const RUN: EvaluationRun = {
  runId: 'new',
  title: 'Rapid, barge-in',
  kind: 'suites',
  architectureIds: ['cascade', 'naive-cascade'],
  repeat: 2,
  done: 3,
  total: 8,
  current: {
    suite: 'rapid',
    scenario: 'kitchen',
    title: 'In the kitchen',
    architectureId: 'naive-cascade',
    repetition: 2,
    turn: 3,
    turns: 6,
  },
  leftSeconds: 340,
  phase: 'measuring',
  isStopping: false,
};

test('a comparison is started, followed cell by cell with the time left, stopped, and is in the list', async ({
  page,
  app,
  evaluation,
}) => {
  await openCompare(page, app.url);
  await expect(page.getByRole('checkbox', { name: /Gemini Live/ })).toBeDisabled();
  await expect(page.getByTestId('why-not')).toContainText('needs a key');
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
  await page.getByRole('checkbox', { name: /Rapid short/ }).check();
  await page.getByLabel('Repetitions').fill('2');
  await expect(page.getByTestId('estimate')).toContainText('About 9 min');
  await page.getByRole('button', { name: 'Start' }).click();
  await app.when(() => app.commandsOf('start-evaluation').length > 0);
  expect(app.commandsOf('start-evaluation')).toEqual([
    {
      type: 'start-evaluation',
      suites: ['rapid'],
      architectureIds: ['cascade', 'naive-cascade'],
      repeat: 2,
      seed: 1,
    },
  ]);

  evaluation.set({ run: RUN });
  const progress = page.getByTestId('progress');
  await expect(progress).toContainText('Naive cascade: In the kitchen, 2 of 2, turn 4 of 6');
  await expect(progress).toContainText('3 of 8 cells · About 6 min left');
  await expect(page.getByRole('button', { name: 'Start' })).toBeHidden();
  await progress.getByRole('button', { name: 'Stop' }).click();
  await app.when(() => app.commandsOf('stop-evaluation').length > 0);
  evaluation.set({ run: { ...RUN, isStopping: true } });
  await expect(progress).toContainText('what has been measured is kept');
  const stopped = entry({ runId: 'new', title: 'Rapid, barge-in', done: 3, total: 8, isComplete: false });
  evaluation.set({ run: null, runs: [stopped, ...evaluation.state.runs] });
  await expect(page.getByTestId('run-new')).toContainText('3 of 8 cells');

  await page.getByRole('button', { name: 'Resume Rapid, barge-in', exact: true }).click();
  await app.when(() => app.commandsOf('resume-evaluation').length > 0);
  await page.getByRole('button', { name: 'Remove Rapid, barge-in', exact: true }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Remove Rapid, barge-in', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await app.when(() => app.commandsOf('remove-evaluation').length > 0);
  expect(app.commandsOf('remove-evaluation')).toEqual([{ type: 'remove-evaluation', runId: 'new' }]);
});

test('one utterance is recorded, or typed, and the same goes to every architecture; its result opens by itself', async ({
  page,
  app,
  evaluation,
}) => {
  await openCompare(page, app.url);
  await page.getByRole('tab', { name: 'One utterance' }).click();
  await page.getByLabel('Say it').check();
  await page.getByRole('button', { name: 'Record' }).click();
  await app.when(() => app.commandsOf('record-utterance').length > 0);
  evaluation.set({ recording: { seconds: 1.5 } });
  await expect(page.getByTestId('recording')).toHaveText('1.5 s of 20 s');
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await app.when(() => app.commandsOf('record-utterance').length > 1);
  evaluation.set({ recording: null, recorded: { seconds: 1.2, url: '/evaluations/recorded.wav' } });
  await expect(page.getByTestId('recording')).toHaveText('1.2 s recorded');
  await page.getByRole('button', { name: 'Hear every answer' }).click();
  await app.when(() => app.commandsOf('compare-utterance').length > 0);
  await page.getByLabel('Type it').check();
  await page.getByLabel('Spoken by').fill('What time is it?');
  await page.getByRole('button', { name: 'Hear every answer' }).click();
  await app.when(() => app.commandsOf('compare-utterance').length > 1);
  expect(app.commandsOf('compare-utterance').map(({ utterance }) => utterance)).toEqual([
    { from: 'recording', words: null },
    { from: 'text', text: 'What time is it?' },
  ]);
  evaluation.set({ run: { ...RUN, runId: RUN_ID, kind: 'utterance', repeat: 1, total: 2, done: 1 } });
  await expect(page.getByTestId('progress')).toBeVisible();
  evaluation.set({ run: null, runs: [entry({ kind: 'utterance', title: 'What time is it?' })] });
  await expect(page).toHaveURL(new RegExp(`#/compare/${RUN_ID}$`));
  await expect(page.getByRole('tab', { name: 'Side by side' })).toHaveAttribute('aria-selected', 'true');
});

test('a number opens the turns behind it, a turn opens its checks, stage and words, and its two tracks are really heard', async ({
  page,
  app,
  evaluation,
  ears,
  pitchOnBothHz,
}) => {
  await openRun(page, app.url);
  const passed = page.getByTestId('figure-passed-cascade');
  const own = evaluation.report.turns.filter(({ architectureId }) => architectureId === 'cascade');
  const failed = own.filter((turn) => !turn.passed && turn.suspect?.stage === 'listen')[0]!;
  await expect(passed).toContainText('95% CI');
  await passed.getByRole('button').click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByTestId('turns').getByRole('listitem')).toHaveCount(own.length);
  await sheet.getByRole('checkbox', { name: /went wrong/ }).check();
  await expect(sheet.getByTestId('turns').getByRole('listitem')).toHaveCount(own.filter((turn) => !turn.passed).length);
  await sheet.getByTestId('turns').getByRole('button', { name: failed.text! }).last().click();
  await expect(sheet.getByTestId('suspect')).toContainText('Look first at Listening');
  await expect(sheet.getByRole('region', { name: 'Checks' })).toContainText('Not met:');
  await expect(sheet.getByTestId('stage-waterfall')).toContainText('LLM: its first token');

  const lanes = sheet.getByTestId('lanes').first();
  await lanes.getByRole('button', { name: 'Play this turn' }).click();
  await expect.poll(async () => (await ears()).left, { intervals: [20] }).toBeGreaterThan(0.1);
  await expect.poll(async () => (await ears()).right, { intervals: [20] }).toBeGreaterThan(0.1);
  await expect(lanes).toHaveAttribute('data-playing', 'false', { timeout: 15_000 });
  expect(await ears()).toEqual({ left: 0, right: 0 });
  // One track alone is heard on both sides, and it is that one.
  for (const [name, hz] of [
    ['User', USER_HZ],
    ['Agent', AGENT_HZ],
  ] as const) {
    await sheet.getByRole('radio', { name }).check();
    await lanes.getByRole('slider').press('Home');
    let heardHz = 0;
    await expect.poll(async () => (heardHz = await pitchOnBothHz()), { intervals: [20] }).toBeGreaterThan(0);
    expect(Math.abs(heardHz - hz)).toBeLessThan(80);
  }
  await lanes.getByRole('button', { name: 'Pause this turn' }).click();

  await sheet.getByRole('button', { name: 'Back to the list' }).click();
  await expect(sheet.getByTestId('turns')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(passed.getByRole('button')).toBeFocused();
});

test('conversations stand side by side; a click into a track plays from there, with the playhead on it', async ({
  page,
  app,
  evaluation,
  ears,
}) => {
  await openRun(page, app.url);
  await page.getByRole('tab', { name: 'Side by side' }).click();
  await expect(page.getByTestId('lanes')).toHaveCount(3);
  await expect(page.getByTestId('row-0').getByRole('listitem')).toHaveCount(3);
  const lanes = page.getByTestId('lanes').first();
  const place = lanes.getByRole('slider');
  await lanes
    .locator('svg')
    .last()
    .click({ position: { x: 200, y: 20 } });
  await expect(lanes).toHaveAttribute('data-playing', 'true');
  const start = Number(await place.inputValue());
  expect(start).toBeGreaterThan(1);
  await expect.poll(async () => Number(await place.inputValue())).toBeGreaterThan(start);
  await expect.poll(async () => Math.max(...Object.values(await ears())), { intervals: [20] }).toBeGreaterThan(0.1);
  // One at a time: a turn of another architecture takes over.
  const turn = evaluation.report.turns.find(({ architectureId }) => architectureId === 'naive-cascade')!;
  await page.getByRole('button', { name: `Play ${turn.text}, Naive cascade` }).click();
  await expect(lanes).toHaveAttribute('data-playing', 'false');
  await expect(page.getByRole('button', { name: `Stop ${turn.text}, Naive cascade` })).toBeVisible();
});

test('a stage of a failed turn is replaced, the turn is run again, and stands beside the old one', async ({
  page,
  app,
  evaluation,
}) => {
  await openRun(page, app.url);
  await page
    .getByRole('region', { name: /by the stage to look at first/ })
    .getByRole('row', { name: /Listening/ })
    .getByRole('button')
    .first()
    .click();
  const sheet = page.getByRole('dialog');
  await sheet.getByTestId('turns').getByRole('listitem').first().getByRole('button').last().click();
  const failed = evaluation.report.turns.find((turn) => turn.architectureId === 'cascade' && turn.suspect?.stage === 'listen')!; // prettier-ignore
  await expect(sheet.getByRole('textbox', { name: 'True words' })).toHaveValue(failed.text!);
  await expect(sheet.getByRole('textbox', { name: 'True answer' })).toHaveValue(failed.ownText);
  const again = sheet.getByRole('button', { name: 'Run the turn again' });
  await expect(again).toBeDisabled();
  await sheet.getByRole('checkbox', { name: /true words/ }).check();
  await again.click();
  await app.when(() => app.commandsOf('rerun-turn').length > 0);
  const { turnId, architectureId, repetition } = failed;
  const replace = [{ stage: 'listen' as const, text: failed.text! }];
  expect(app.commandsOf('rerun-turn')).toEqual([
    { type: 'rerun-turn', runId: RUN_ID, turnId, architectureId, repetition, replace },
  ]);
  evaluation.set({ run: { ...RUN, runId: RUN_ID, kind: 'rerun', current: null } });
  await expect(sheet.getByText('Running the turn again …')).toBeVisible();
  const rerun: Rerun = {
    id: '1',
    at: '2030-01-01T13:00:00.000Z',
    turnId,
    architectureId,
    repetition,
    replaced: replace,
    turn: { ...failed, passed: true, suspect: null, checks: [], agentWords: 'Mended.', ownText: 'Mended.' },
    error: null,
  };
  evaluation.setReport(comparisonReport({ reruns: [rerun] }));
  evaluation.set({ run: null });
  await expect(sheet.getByTestId('rerun')).toContainText('It passes now: that points to listening.');
  await expect(sheet.getByTestId('rerun').getByRole('row', { name: /In the recording/ })).toContainText('Mended.');
  evaluation.setReport(
    comparisonReport({ reruns: [{ ...rerun, turn: null, error: { message: 'the model is gone', stage: 'think' } }] }),
  );
  await expect(sheet.getByTestId('rerun')).toContainText('It could not be run: the model is gone (stage think)');
});

test('by keyboard alone two unnamed answers are heard and one preferred, and statistics follow', async ({
  page,
  app,
  ears,
}) => {
  await openRun(page, app.url);
  await page.getByRole('tab', { name: 'Summary' }).focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('tab', { name: 'Blind listening' })).toHaveAttribute('aria-selected', 'true');
  const pair = page.getByTestId('blind-pair');
  await expect(pair).not.toContainText(/cascade|realtime/i);
  await pair.getByRole('button', { name: 'Play Answer A' }).focus();
  await page.keyboard.press('a');
  await page.keyboard.press('2');
  expect(app.commandsOf('prefer-answer')).toEqual([]);
  await page.keyboard.press('1');
  await expect.poll(async () => Math.max(...Object.values(await ears())), { intervals: [20] }).toBeGreaterThan(0.1);
  await page.keyboard.press('2');
  await expect(pair.getByRole('button', { name: 'Stop Answer B' })).toBeVisible();
  await page.keyboard.press('b');
  await app.when(() => app.commandsOf('prefer-answer').length > 0);
  const [given] = app.commandsOf('prefer-answer');
  expect(given).toMatchObject({ runId: RUN_ID, preferred: 'b' });
  expect(given!.a.architectureId).not.toBe(given!.b.architectureId);
  await expect(page.getByTestId('blind-said')).toContainText('Kept. Pair 2 of');
  await expect(page.getByTestId('tally')).toContainText('1 decided');
  await expect(page.getByTestId('tally')).toContainText('no difference shown');
});

test('costs follow the minutes a month, and published figures can be told apart from measured ones', async ({
  page,
  app,
}) => {
  await openRun(page, app.url);
  await page.getByRole('tab', { name: 'Cost' }).click();
  const month = page.locator('[data-testid^="month-gpt-realtime"]').first();
  const before = await month.textContent();
  await page.getByLabel('Minutes a month').fill('2000');
  await expect(month).not.toHaveText(before!);
  const amount = (text: string | null): number => Number(text!.replace(/[^\d.]/g, ''));
  expect(amount(await month.textContent())).toBeCloseTo(2 * amount(before), 1);
  await expect(page.getByTestId('trade-off')).toHaveAttribute('aria-label', /Cascade on this machine: \d+% of turns/);
  await page.getByRole('tab', { name: 'Turn-taking' }).click();
  await expect(page.getByTestId('context').getByRole('listitem')).toHaveCount(3);
  await expect(page.getByTestId('plane')).not.toHaveAttribute('aria-label', /gpt-realtime/);
});
