import { FIGURE_ROWS } from './figure-rows.ts';
import type { Comparison, Report } from '../../contract/evaluation-report.ts';

/** A summary for a pull request or a chat. */
export function markdownReport(report: Report): string {
  const { architectures, comparisons, failures, turns, faults } = report;
  const lines = ['# Comparison of voice architectures', '', report.at, ''];
  if (faults.length > 0)
    lines.push(`**Broken on purpose: ${faults.join(', ')}. Nothing here is a figure to quote.**`, '');
  lines.push(row(['', ...architectures.map(({ label }) => label)]), row(['---', ...architectures.map(() => '---')]));
  for (const { name, words } of FIGURE_ROWS)
    lines.push(row([name, ...architectures.map(({ figures }) => words(figures))]));
  const costs = architectures.map(({ cost }) =>
    cost[0] ? `${cost[0].perMinute.toFixed(3)} ${cost[0].currency} (${cost[0].date})` : '–',
  );
  lines.push(row(['Cost per minute', ...costs]), '', '95% intervals in brackets.', '');
  if (comparisons.length > 0) {
    lines.push('## A against B on the same turns', '', ...comparisonTable(comparisons), '');
  }
  const failed = turns.filter(({ passed }) => !passed);
  lines.push(`## Turns that did not pass: ${failed.length} of ${turns.length}`, '');
  for (const turn of failed) {
    const reasons = turn.checks.filter(({ passed }) => !passed).map(({ rule, found }) => `${rule}: ${oneLine(found)}`);
    const suspect = turn.suspect ? ` → **${turn.suspect.stage}**: ${oneLine(turn.suspect.why)}` : '';
    lines.push(`- ${turn.architectureId}, ${turn.turnId} (${turn.repetition}): ${reasons.join('; ')}${suspect}`);
  }
  for (const each of failures) {
    lines.push(
      `- ${each.architectureId}, ${each.suite}/${each.scenario} (${each.repetition}): not measured: ${oneLine(each.message)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export function comparisonTable(comparisons: readonly Comparison[]): string[] {
  return [
    row(['measure', 'A', 'B', 'pairs', 'B − A (95%)', 'p', 'verdict']),
    row(Array.from({ length: 7 }, () => '---')),
    ...comparisons.map(({ measure, a, b, pairs, meanDifference, low, high, p, verdict }) =>
      row([
        measure,
        a,
        b,
        String(pairs),
        `${round(meanDifference)} (${round(low)} to ${round(high)})`,
        p.toFixed(3),
        verdict,
      ]),
    ),
  ];
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const round = (value: number | null): string => (value === null ? '–' : String(Math.round(value * 100) / 100));
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 200);
