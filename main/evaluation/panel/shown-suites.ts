import type { EvaluationState } from '../../contract/evaluation.ts';
import { expectedSeconds } from '../run/cell.ts';
import { loadSuites, shippedSuites } from '../scenario/load-suites.ts';

/** The shipped suites as a window lists them. Throws `bad-input` for one that cannot be read. */
export async function shownSuites(suitesDir: string): Promise<EvaluationState['suites']> {
  const ids = [...(await shippedSuites(suitesDir)).keys()];
  return (await loadSuites(ids, suitesDir)).map((suite, i) => ({
    id: ids[i]!,
    title: suite.title,
    about: suite.about,
    scenarios: suite.scenarios.map(({ id, title, turns }) => ({ id, title, turns: turns.length })),
    seconds: Math.round(
      suite.scenarios.reduce(
        (sum, scenario) => sum + expectedSeconds({ suite, scenario, architectureId: '', repetition: 1 }),
        0,
      ),
    ),
  }));
}
