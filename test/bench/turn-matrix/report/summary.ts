import type { CellResult } from '../cells/cell.ts';
import type { MeasuredBarge, MeasuredHold } from '../session/overlaps.ts';
import type { MeasuredTurn } from '../session/turns.ts';
import { statisticsOf, type Statistics } from '../../../../main/evaluation/scoring/statistics.ts';

/** Of the turns of a session, or of several. Shares are 0…1; null where there is nothing to divide by. */
export interface TurnFigures {
  turns: number;
  responseRate: number | null;
  /** L_R: last speech sample → first sound of the agent. */
  voiceToVoiceMs: Statistics;
  endpointDelayMs: Statistics;
  /** Share of turns in which the agent was heard to begin inside the user's turn. */
  cutIns: number | null;
  /** Share of turns that the app declared over inside the user's speech, heard or not. */
  endsInside: number | null;
  wordErrorRate: number | null;
}

export interface OverlapFigures {
  interruptions: number;
  yieldRate: number | null;
  /** L_Y: onset of the interruption → the loudspeaker is silent (for 200 ms at least). */
  toSilenceMs: Statistics;
  holds: number;
  selectivity: number | null;
  /** Kept of so many, by what was heard. */
  byKind: Record<string, { kept: number; of: number }>;
}

export interface ShortFigures {
  turns: number;
  /** Neither in the transcript nor answered. */
  lost: string[];
  unanswered: number;
  /** In the transcript as another word. */
  misheard: string[];
  voiceToVoiceMs: Statistics;
}

export function turnFigures(turns: readonly MeasuredTurn[]): TurnFigures {
  const share = (condition: (turn: MeasuredTurn) => boolean): number | null =>
    turns.length === 0 ? null : turns.filter(condition).length / turns.length;
  const withReference = turns.filter(({ own }) => own.wordErrors !== null);
  const words = withReference.reduce((sum, { own }) => sum + own.referenceWords, 0);
  const errors = withReference.reduce((sum, { own }) => sum + own.wordErrors!, 0);
  return {
    turns: turns.length,
    responseRate: share(({ answered }) => answered),
    voiceToVoiceMs: statisticsOf(turns.map(({ voiceToVoiceMs }) => voiceToVoiceMs)),
    endpointDelayMs: statisticsOf(turns.map(({ own }) => own.endpointDelayMs)),
    cutIns: share(({ cutInsMs }) => cutInsMs.length > 0),
    endsInside: share(({ own }) => own.endsInsideSpeech > 0),
    wordErrorRate: words === 0 ? null : errors / words,
  };
}

/** Only what was said while the agent sounded counts. */
export function overlapFigures(all: {
  barges: readonly MeasuredBarge[];
  holds: readonly MeasuredHold[];
}): OverlapFigures {
  const barges = all.barges.filter(({ wasSounding }) => wasSounding);
  const holds = all.holds.filter(({ wasSounding }) => wasSounding);
  const byKind: OverlapFigures['byKind'] = {};
  for (const hold of holds) {
    const counts = (byKind[hold.overlapKind] ??= { kept: 0, of: 0 });
    counts.of++;
    if (isKept(hold)) counts.kept++;
  }
  return {
    interruptions: barges.length,
    yieldRate: barges.length === 0 ? null : barges.filter(({ yielded }) => yielded).length / barges.length,
    toSilenceMs: statisticsOf(barges.map(({ toFirstQuietMs }) => toFirstQuietMs)),
    holds: holds.length,
    selectivity: holds.length === 0 ? null : holds.filter(isKept).length / holds.length,
    byKind,
  };
}

function isKept({ outcome, drewTurn }: MeasuredHold): boolean {
  return outcome === 'kept' && !drewTurn;
}

export function shortFigures(turns: readonly MeasuredTurn[]): ShortFigures {
  const isLost = ({ own, answered }: MeasuredTurn): boolean => own.text === '' && !answered;
  return {
    turns: turns.length,
    lost: turns.filter(isLost).map(({ id }) => id),
    unanswered: turns.filter(({ answered }) => !answered).length,
    misheard: turns
      .filter(({ own }) => own.text !== '' && own.wordErrors !== 0)
      .map(({ id, own }) => `${id}: ${own.text}`),
    voiceToVoiceMs: statisticsOf(turns.map(({ voiceToVoiceMs }) => voiceToVoiceMs)),
  };
}

/** Of all sessions of that policy. */
export function turnsOf(results: readonly CellResult[], policy: string): MeasuredTurn[] {
  return results.flatMap(({ cell, turns }) => (cell.kind === 'turns' && cell.policy === policy ? (turns ?? []) : []));
}
