import type { Judgement, PreferenceTally } from '../../../main/contract/evaluation.ts';
import type { TurnResult } from '../../../main/contract/evaluation-turn.ts';

/** Two answers to the same turn; which is the first is chance. */
export interface BlindPair {
  turnId: string;
  first: TurnResult;
  second: TurnResult;
}

/**
 * Every two architectures' answers to the same turn and repetition, in random order with random sides. Only answers that can be heard.
 * `random`: 0 up to 1.
 */
export function blindPairs(turns: readonly TurnResult[], random: () => number): BlindPair[] {
  const audible = turns.filter(({ as, answerMs }) => (as === 'turn' || as === 'interruption') && answerMs !== null);
  const groups = Map.groupBy(audible, ({ turnId, repetition }) => `${turnId} ${repetition}`);
  const pairs = [...groups.values()].flatMap((group) =>
    group.flatMap((a, i) =>
      group.slice(i + 1).map((b) => {
        const [first, second] = random() < 0.5 ? [a, b] : [b, a];
        return { turnId: a.turnId, first, second };
      }),
    ),
  );
  for (let i = pairs.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [pairs[i], pairs[j]] = [pairs[j]!, pairs[i]!];
  }
  return pairs;
}

/** From where the answer is played: the user's turn is the same in both, its last second says what was asked. */
const LEAD_SECONDS = 1;

export function blindStretch({ toSeconds, untilSeconds, fromSeconds, voiceToVoiceMs, answerMs }: TurnResult): {
  fromSeconds: number;
  toSeconds: number;
} {
  const end = toSeconds + ((voiceToVoiceMs ?? 0) + (answerMs ?? 0)) / 1000;
  return { fromSeconds: Math.max(fromSeconds, toSeconds - LEAD_SECONDS), toSeconds: Math.min(untilSeconds, end + 0.3) };
}

/** In whatever order it was heard then. */
export function isJudged({ turnId, first, second }: BlindPair, judgements: readonly Judgement[]): boolean {
  const is = (heard: Judgement['a'], turn: TurnResult): boolean =>
    heard.architectureId === turn.architectureId && heard.repetition === turn.repetition;
  return judgements.some(
    ({ turnId: id, a, b }) => id === turnId && ((is(a, first) && is(b, second)) || (is(a, second) && is(b, first))),
  );
}

export function preferenceWords({ a, b, verdict }: PreferenceTally, labelOf: (id: string) => string): string {
  switch (verdict) {
    case 'A is preferred':
      return `${labelOf(a)} is preferred to ${labelOf(b)}`;
    case 'B is preferred':
      return `${labelOf(b)} is preferred to ${labelOf(a)}`;
    case 'no difference shown':
      return `${labelOf(a)} and ${labelOf(b)}: no difference shown`;
    default:
      return verdict satisfies never;
  }
}

/** The answers with which one architecture was preferred to the other. */
export function preferredTurns(
  judgements: readonly Judgement[],
  turns: readonly TurnResult[],
  { winner, loser }: { winner: string; loser: string },
): TurnResult[] {
  return judgements.flatMap((judgement) => {
    if (judgement.preferred === 'neither') return [];
    const won = judgement[judgement.preferred];
    const lost = judgement[judgement.preferred === 'a' ? 'b' : 'a'];
    if (won.architectureId !== winner || lost.architectureId !== loser) return [];
    return turns.filter(
      (turn) =>
        turn.turnId === judgement.turnId && turn.architectureId === winner && turn.repetition === won.repetition,
    );
  });
}
