import type { Rerun } from '../../../main/contract/evaluation-report.ts';
import { isSameTurn, type TurnAddress } from '../../../main/contract/evaluation-turn.ts';

/** Of this turn, newest first. */
export function rerunsOf(reruns: readonly Rerun[], turn: TurnAddress): Rerun[] {
  return reruns.filter((each) => isSameTurn(each, turn)).toSorted((a, b) => b.at.localeCompare(a.at));
}
