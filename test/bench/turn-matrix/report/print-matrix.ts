import type { Statistics } from '../../../../main/evaluation/scoring/statistics.ts';
import { cellName, type CellResult } from '../cells/cell.ts';
import { POLICIES } from '../cells/plan.ts';
import { CONDITION_NAMES, conditionNamed } from '../../../../main/evaluation/room/conditions.ts';
import { TURN_KINDS } from '../clips/turn-clip.ts';
import {
  overlapFigures,
  shortFigures,
  turnFigures,
  turnsOf,
  type OverlapFigures,
  type TurnFigures,
} from './summary.ts';

/** The tables as lines of Markdown, as docs/turn-taking.md has them. */
export function matrixLines(results: readonly CellResult[]): string[] {
  return [
    ...turnTable(results),
    ...kindTable(results),
    ...overlapTable(results),
    ...shortLines(results),
    ...talkLines(results),
    ...results.flatMap(({ cell, error }) => (error === undefined ? [] : [`not measured: ${cellName(cell)}: ${error}`])),
  ];
}

function turnTable(results: readonly CellResult[]): string[] {
  const cells = inOrder(results.filter(({ turns, cell }) => turns && cell.kind === 'turns'));
  if (cells.length === 0) return [];
  const rows = cells.map(({ cell, turns }) =>
    turnRow(conditionNamed(cell.condition).title, cell.policy, turnFigures(turns!)),
  );
  const pooled = POLICIES.filter((policy) => turnsOf(results, policy).length > 0).map((policy) =>
    turnRow('**all together**', policy, turnFigures(turnsOf(results, policy))),
  );
  return [
    '',
    '| condition | policy | turns | R_R | L_R p50 / p95 ms | endpoint delay p50 / p95 ms | false cut-ins heard | ends declared inside speech | WER |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
    ...pooled,
  ];
}

function turnRow(condition: string, policy: string, figures: TurnFigures): string {
  const { turns, responseRate, voiceToVoiceMs, endpointDelayMs, cutIns, endsInside, wordErrorRate } = figures;
  return `| ${[
    condition,
    policy,
    turns,
    percent(responseRate),
    range(voiceToVoiceMs),
    range(endpointDelayMs),
    percent(cutIns, 1),
    percent(endsInside, 1),
    percent(wordErrorRate, 1),
  ].join(' | ')} |`;
}

/** Where the default policy waits and where it is wrong, by what is said; in the clean condition, of which there are all turns. */
function kindTable(results: readonly CellResult[]): string[] {
  const turns = results.find(({ cell }) => cellName(cell) === 'turns-clean-semantic')?.turns ?? [];
  const rows = TURN_KINDS.flatMap((kind) => {
    const ofKind = turns.filter(({ turnKind }) => turnKind === kind);
    const { endpointDelayMs, cutIns, endsInside } = turnFigures(ofKind);
    return ofKind.length === 0
      ? []
      : [`| ${[kind, ofKind.length, range(endpointDelayMs), percent(cutIns), percent(endsInside)].join(' | ')} |`];
  });
  if (rows.length === 0) return [];
  return [
    '',
    '| clean, semantic: kind of turn | turns | endpoint delay p50 / p95 ms | false cut-ins heard | ends declared inside speech |',
    '|---|---|---|---|---|',
    ...rows,
  ];
}

function overlapTable(results: readonly CellResult[]): string[] {
  const cells = inOrder(results.filter(({ overlaps }) => overlaps));
  if (cells.length === 0) return [];
  const all = {
    barges: cells.flatMap(({ overlaps }) => overlaps!.barges),
    holds: cells.flatMap(({ overlaps }) => overlaps!.holds),
  };
  return [
    '',
    '| condition | interruptions | R_Y | L_Y p50 / p95 ms | holds | selectivity | kept, by sound |',
    '|---|---|---|---|---|---|---|',
    ...cells.map(({ cell, overlaps }) => overlapRow(conditionNamed(cell.condition).title, overlapFigures(overlaps!))),
    overlapRow('**all together**', overlapFigures(all)),
  ];
}

function overlapRow(condition: string, figures: OverlapFigures): string {
  const { interruptions, yieldRate, toSilenceMs, holds, selectivity, byKind } = figures;
  const kinds = Object.entries(byKind).map(([kind, { kept, of }]) => `${kind} ${kept}/${of}`);
  return `| ${[condition, interruptions, percent(yieldRate), range(toSilenceMs), holds, percent(selectivity), kinds.toSorted().join(', ')].join(' | ')} |`;
}

function shortLines(results: readonly CellResult[]): string[] {
  const turns = results.find(({ cell }) => cell.kind === 'short')?.turns;
  if (!turns) return [];
  const { lost, unanswered, misheard, voiceToVoiceMs } = shortFigures(turns);
  return [
    '',
    `"Yes" and "No", ${turns.length} turns: ${lost.length} lost, ${unanswered} unanswered, ${misheard.length} taken for other words; L_R p50 / p95 ${range(voiceToVoiceMs)} ms`,
    ...lost.map((id) => `  lost: ${id}`),
    ...misheard.map((id) => `  misheard: ${id}`),
  ];
}

function talkLines(results: readonly CellResult[]): string[] {
  const talk = results.find(({ cell }) => cell.kind === 'talk')?.talk;
  if (!talk) return [];
  const minutes = (talk.talkSeconds / 60).toFixed(1);
  return [
    '',
    `Talk through a loudspeaker at −20 dB, ${minutes} minutes, ${talk.answers} answers: ${talk.interrupted} interrupted by themselves, ${talk.heardTurns} turns of nobody, words of nobody shown ${talk.heardWords} times, held ${talk.held} times`,
  ];
}

function inOrder(results: readonly CellResult[]): CellResult[] {
  const rank = ({ cell }: CellResult): number =>
    CONDITION_NAMES.indexOf(cell.condition) * POLICIES.length + POLICIES.indexOf(cell.policy);
  return results.toSorted((a, b) => rank(a) - rank(b));
}

function range({ p50, p95 }: Statistics): string {
  return p50 === null ? '–' : `${Math.round(p50)} / ${Math.round(p95!)}`;
}

function percent(share: number | null, digits = 0): string {
  return share === null ? '–' : `${(share * 100).toFixed(digits)}%`;
}
