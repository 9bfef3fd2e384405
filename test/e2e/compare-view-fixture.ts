import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ARCHITECTURE_STATE, FakeEvaluation, RUN_ID } from '../fakes/fake-evaluation.ts';
import { expect, test as base, type TalkView } from './talk-view-fixture.ts';

export interface CompareView {
  evaluation: FakeEvaluation;
  /** How loud the page's sound is on either side now. */
  ears(): Promise<{ left: number; right: number }>;
  /** How high what is heard is, while something is loud on both sides; else 0. */
  pitchOnBothHz(): Promise<number>;
}

/** The view over a comparison that has been made, and ears at the page's loudspeaker. */
export const test = base.extend<CompareView & TalkView>({
  evaluation: [
    async ({ app }, use) => {
      const evaluation = new FakeEvaluation((event) => app.send(event));
      app.evaluation = evaluation;
      app.setState({ architecture: ARCHITECTURE_STATE });
      await use(evaluation);
    },
    { auto: true },
  ],
  page: async ({ page }, use) => {
    await page.addInitScript(LISTEN_TO_OUTPUT);
    await use(page);
  },
  pitchOnBothHz: async ({ page }, use) => use(() => page.evaluate<number>('pitchOnBothHz()')),
  ears: async ({ page }, use) => use(() => page.evaluate<{ left: number; right: number }>('ears()')),
});

/** Runs in the page: whatever is connected to a loudspeaker is also connected to two meters. */
export const LISTEN_TO_OUTPUT = `
  const meters = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (...args) {
    if (args[0] instanceof AudioDestinationNode) {
      const splitter = this.context.createChannelSplitter(2);
      meters.push([0, 1].map((side) => {
        const meter = this.context.createAnalyser();
        connect.call(splitter, meter, side);
        return meter;
      }));
      connect.call(this, splitter);
    }
    return connect.apply(this, args);
  };
  function samplesOf(meter) {
    const samples = new Float32Array(meter.fftSize);
    meter.getFloatTimeDomainData(samples);
    return samples;
  }
  const loudness = (meter) => Math.max(...samplesOf(meter).map(Math.abs));
  // By zero crossings, of a stretch that is loud from end to end on both sides; else 0.
  window.pitchOnBothHz = () => {
    const loud = (samples) => samples.some((sample) => Math.abs(sample) > 0.05);
    for (const sides of meters) {
      const [left, right] = sides.map(samplesOf);
      const quarter = left.length / 4;
      if (!loud(right) || !loud(left.subarray(0, quarter)) || !loud(left.subarray(-quarter))) continue;
      const crossings = left.filter((sample, i) => i > 0 && sample > 0 !== left[i - 1] > 0).length;
      return (crossings * sides[0].context.sampleRate) / (2 * left.length);
    }
    return 0;
  };
  window.ears = () => ({
    left: Math.max(0, ...meters.map(([left]) => loudness(left))),
    right: Math.max(0, ...meters.map(([, right]) => loudness(right))),
  });
`;

export async function openCompare(page: Page, url: string, part = ''): Promise<void> {
  await page.goto(`${url}#/compare${part}`);
  await expect(page.getByRole('heading', { name: 'Compare', level: 1 })).toBeVisible();
}

export async function openRun(page: Page, url: string): Promise<void> {
  await openCompare(page, url, `/${RUN_ID}`);
  await expect(page.getByRole('tab', { name: 'Summary' })).toBeVisible();
}

export async function expectNoViolations(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    what,
  ).toEqual([]);
}

export { expect };
