import { join } from 'node:path';
import type { Report } from '../../contract/evaluation-report.ts';
import type { Judgement, PreferenceTally } from '../../contract/evaluation.ts';
import { readReport, writeReport } from '../report/report-folder.ts';
import { readJudgements, tallies } from './judgements.ts';
import type { PriceTable } from './price-table.ts';

export interface OpenedReport {
  report: Report;
  preferences: { judgements: Judgement[]; tallies: PreferenceTally[] };
}

/**
 * The report of a run and what was judged by ear. A run without one that this version reads (it was interrupted, or is of another version) is
 * scored now, which takes about a second for each minute of sound. Throws `bad-input` when there is nothing to score.
 */
export async function openedReport(
  folder: string,
  { at, prices }: { at: string; prices: PriceTable },
): Promise<OpenedReport> {
  const judgements = await readJudgements(folder);
  const report = await readReport(join(folder, 'report.json')).catch(() =>
    writeReport(folder, { at, prices: prices.prices }),
  );
  return { report, preferences: { judgements, tallies: tallies(judgements) } };
}
