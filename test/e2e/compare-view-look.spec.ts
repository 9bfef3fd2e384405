import type { FakeEvaluation } from '../fakes/fake-evaluation.ts';
import { RUN_ID } from '../fakes/fake-evaluation.ts';
import { expect, expectNoViolations, openCompare, openRun, test } from './compare-view-fixture.ts';

const TABS = ['Summary', 'Side by side', 'Latency', 'Turn-taking', 'Words and tools', 'Cost', 'Capabilities', 'Blind listening']; // prettier-ignore

function running(evaluation: FakeEvaluation): void {
  const current = { suite: 's', scenario: 'c', title: 'In the kitchen', architectureId: 'cascade', repetition: 1, turn: 0, turns: 4 }; // prettier-ignore
  evaluation.set({
    run: { runId: 'r', title: 'Rapid', kind: 'suites', architectureIds: [], repeat: 1, done: 1, total: 6, current, leftSeconds: 60, phase: 'measuring', isStopping: false }, // prettier-ignore
    failure: { code: 'bad-input', stage: 'app', message: '', retryable: false },
  });
}

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 360],
] as const) {
  test(`axe finds nothing in ${colorScheme} at ${width} px`, async ({ page, app, evaluation }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openCompare(page, app.url);
    await expectNoViolations(page, 'start');
    await page.getByRole('tab', { name: 'One utterance' }).click();
    await page.getByLabel('Say it').check();
    await expectNoViolations(page, 'utterance');
    running(evaluation);
    await expect(page.getByTestId('progress')).toBeVisible();
    await expectNoViolations(page, 'running');
    evaluation.set({ run: null, failure: null });
    await openRun(page, app.url);
    await page.getByTestId('not-measured').locator('summary').click();
    for (const name of TABS) {
      await page.getByRole('tab', { name }).click();
      await expect(page.getByRole('tabpanel', { name })).toBeVisible();
      await expectNoViolations(page, name);
    }
    await page.getByRole('tab', { name: 'Summary' }).click();
    await page.getByTestId('figure-passed-cascade').getByRole('button').click();
    await expect(page.getByTestId('turns')).toBeVisible();
    await expectNoViolations(page, 'turns');
    await page.getByTestId('turns').getByRole('listitem').first().getByRole('button').last().click();
    await expect(page.getByTestId('turn-detail')).toBeVisible();
    await expectNoViolations(page, 'turn');
  });
}

for (const width of [360, 768, 2560]) {
  test(`nothing is wider than the window at ${width} px`, async ({ page, app, evaluation }) => {
    await page.setViewportSize({ width, height: 900 });
    await openCompare(page, app.url);
    running(evaluation);
    await expectFits();
    evaluation.set({ run: null, failure: null });
    await openRun(page, app.url);
    for (const name of TABS) {
      await page.getByRole('tab', { name }).click();
      await expect(page.getByRole('tabpanel', { name })).toBeVisible();
      await expectFits(name);
    }

    async function expectFits(what = 'start'): Promise<void> {
      const main = "document.querySelector('main')";
      const hidden = await page.evaluate(`${main}.scrollWidth - ${main}.clientWidth`);
      expect(hidden, what).toBe(0);
    }
  });
}

test('it says that it waits, that there is nothing yet, and why something cannot be had', async ({
  page,
  app,
  evaluation,
}) => {
  evaluation.isSlow = true;
  await openCompare(page, app.url, `/${RUN_ID}`);
  await expect(page.getByText('Opening the report …')).toBeVisible();
  evaluation.set({ runs: [] });
  await page.getByRole('link', { name: 'All comparisons' }).click();
  await expect(page.getByText('None yet.')).toBeVisible();
  evaluation.set({ unavailable: 'The recogniser is not installed.' });
  await expect(page.getByText('The recogniser is not installed.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeHidden();
});

test('a report of which nothing was measured, and a recording that is gone, are told in words', async ({
  page,
  app,
  evaluation,
  complaints,
}) => {
  const { report } = evaluation;
  evaluation.report = { ...report, turns: report.turns.map((turn) => ({ ...turn, audioFile: 'cells/gone.wav' })) };
  evaluation.fileAt = () => undefined;
  await openRun(page, app.url);
  await page.getByRole('tab', { name: 'Side by side' }).click();
  await expect(page.getByRole('alert').first()).toHaveText('The recording cannot be read.');
  complaints.splice(0);
  evaluation.setReport({ ...report, turns: [], architectures: [] });
  await expect(page.getByText('No turn was measured: every cell failed.')).toBeVisible();
});
