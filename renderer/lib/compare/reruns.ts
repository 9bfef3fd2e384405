import type { Rerun } from '../../../main/contract/evaluation-report.ts';
import type { TurnResult } from '../../../main/contract/evaluation-turn.ts';

/** Of this turn, newest first. */
export function rerunsOf(
  reruns: readonly Rerun[],
  { turnId, architectureId, repetition }: Pick<TurnResult, 'turnId' | 'architectureId' | 'repetition'>,
): Rerun[] {
  return reruns
    .filter(
      (each) => each.turnId === turnId && each.architectureId === architectureId && each.repetition === repetition,
    )
    .toSorted((a, b) => b.at.localeCompare(a.at));
}
