import { mean, signFlipTest } from '../scoring/intervals.ts';
import type { TurnResult } from '../../contract/evaluation-turn.ts';
import type { Comparison } from '../../contract/evaluation-report.ts';

/** What is compared; lower is better for all of them. */
const MEASURES: Readonly<Record<string, (turn: TurnResult) => number | null>> = {
  'voice to voice, ms': ({ voiceToVoiceMs }) => voiceToVoiceMs,
  'turns not passed': ({ passed }) => Number(!passed),
  'interruption to silence, ms': ({ yielded, toSilenceMs }) => (yielded === null ? null : toSilenceMs),
  'backchannels taken for turns': ({ selective }) => (selective === null ? null : Number(!selective)),
  'word errors': ({ wordErrors }) => wordErrors,
};

/** A against B on the same turns; each turn's repetitions are averaged first. Measures that no pair has are left out. */
export function compareTurns(
  a: { name: string; turns: readonly TurnResult[] },
  b: { name: string; turns: readonly TurnResult[] },
): Comparison[] {
  return Object.entries(MEASURES).flatMap(([measure, valueOf]) => {
    const ofA = averaged(a.turns, valueOf);
    const ofB = averaged(b.turns, valueOf);
    const differences = [...ofA].flatMap(([id, value]) => (ofB.has(id) ? [ofB.get(id)! - value] : []));
    if (differences.length === 0) return [];
    return [{ measure, a: a.name, b: b.name, ...signFlipTest(differences) }];
  });
}

function averaged(turns: readonly TurnResult[], valueOf: (turn: TurnResult) => number | null): Map<string, number> {
  const groups = Map.groupBy(turns, ({ turnId }) => turnId);
  const result = new Map<string, number>();
  for (const [id, some] of groups) {
    const value = mean(some.map(valueOf).filter((each) => each !== null));
    if (value !== null) result.set(id, value);
  }
  return result;
}
