import type { ArchitectureChoice } from '../../contract/architecture.ts';
import type { Price } from '../../contract/evaluation-prices.ts';
import type { CellRecord } from '../run/cell.ts';
import type { TurnResult } from '../../contract/evaluation-turn.ts';
import published from '../published.json' with { type: 'json' };
import { compareTurns } from './comparisons.ts';
import { costOf } from './cost.ts';
import { DEFINITIONS } from './definitions.ts';
import { figuresOf } from './figures.ts';
import { REPORT_VERSION, type Figures, type Report, type Rerun } from '../../contract/evaluation-report.ts';

/** What the app says of an architecture. */
export type ToldArchitecture = Pick<ArchitectureChoice, 'id' | 'label' | 'kind'> &
  Partial<Pick<ArchitectureChoice, 'capabilities'>>;

/** A cell with its turns scored. */
export interface ScoredCell {
  record: CellRecord;
  turns: TurnResult[];
}

export interface ReportOptions {
  /** ISO 8601. */
  at: string;
  cells: readonly ScoredCell[];
  circumstances: Record<string, unknown>;
  /** What the app says of its architectures; those it does not name appear by their id. */
  architectures: readonly ToldArchitecture[];
  prices: readonly Price[];
  /** Turns that were run again with stages replaced; default none. */
  reruns?: readonly Rerun[];
}

const SAMPLES_PER_MINUTE = 16_000 * 60;

/** Figures, comparisons of every two architectures, costs. The same cells give the same report. */
export function buildReport(options: ReportOptions): Report {
  const { at, cells, circumstances, architectures, prices, reruns = [] } = options;
  const byArchitecture = Map.groupBy(cells, ({ record }) => record.architectureId);
  const names = [...byArchitecture.keys()];
  const turnsOf = (id: string): TurnResult[] => byArchitecture.get(id)!.flatMap(({ turns }) => turns);
  return {
    version: REPORT_VERSION,
    at,
    circumstances,
    faults: [...new Set(cells.flatMap(({ record }) => record.faults))],
    definitions: { ...DEFINITIONS },
    architectures: names.map((id) => {
      const own = byArchitecture.get(id)!;
      const told = architectures.find((each) => each.id === id);
      const suites = Map.groupBy(own, ({ record }) => record.suite);
      const bySuite = [...suites].map(([suite, some]) => [suite, figuresOfCells(some)]);
      const sessions = own.map((cell) => ({
        minutes: minutesOf([cell]),
        answers: cell.turns.filter(({ answerMs }) => answerMs !== null).length,
      }));
      const mine = prices.filter(({ architectureIds }) => architectureIds.includes(id));
      const others = prices.filter(({ architectureIds }) => !architectureIds.includes(id));
      return {
        id,
        label: told?.label ?? id,
        kind: told?.kind ?? null,
        capabilities: told?.capabilities ?? null,
        figures: figuresOfCells(own),
        bySuite: Object.fromEntries(bySuite) as Record<string, Figures>,
        cost: [...mine, ...others].map((price) => costOf(price, sessions)).filter((cost) => cost !== null),
      };
    }),
    comparisons: names.flatMap((a, i) =>
      names.slice(i + 1).flatMap((b) => compareTurns({ name: a, turns: turnsOf(a) }, { name: b, turns: turnsOf(b) })),
    ),
    failures: cells.flatMap(({ record }) =>
      record.error === null
        ? []
        : [
            {
              suite: record.suite,
              scenario: record.scenario.id,
              architectureId: record.architectureId,
              repetition: record.repetition,
              ...record.error,
            },
          ],
    ),
    turns: cells.flatMap(({ turns }) => turns),
    reruns: [...reruns],
    published,
  };
}

function figuresOfCells(cells: readonly ScoredCell[]): Figures {
  return figuresOf(
    cells.flatMap(({ turns }) => turns),
    minutesOf(cells),
  );
}

function minutesOf(cells: readonly ScoredCell[]): Figures['minutes'] {
  const minutes = { connected: 0, user: 0, agent: 0 };
  for (const { record } of cells) {
    minutes.connected += record.recordedSamples / SAMPLES_PER_MINUTE;
    for (const { startSample, endSample } of record.turns)
      minutes.user += (endSample - startSample) / SAMPLES_PER_MINUTE;
    for (const { fromSample, toSample } of record.heard) minutes.agent += (toSample - fromSample) / SAMPLES_PER_MINUTE;
  }
  return minutes;
}
