import type { Replacement, Rerun } from './evaluation-report.ts';
import type { TurnResult } from './evaluation-turn.ts';

/** What a turn that was run again was given instead of a stage's own work. */
export function replacedWords(replaced: readonly Replacement[]): string {
  const has = (stage: Replacement['stage']): boolean => replaced.some((each) => each.stage === stage);
  if (has('listen') && has('think')) return 'With the true words and the true answer';
  return has('listen') ? 'With the true words for the language model' : 'With the true answer for the voice';
}

/** What running a failed turn again says of the stages. One run again is a hint, no proof. */
export function rerunConclusion(before: Pick<TurnResult, 'passed'>, { turn, replaced }: Rerun): string {
  if (turn === null) return '';
  const stages = replaced.map(({ stage }) => (stage === 'listen' ? 'listening' : 'thinking')).join(' or ');
  if (before.passed) return turn.passed ? 'It passes as before.' : 'It passed before and does not pass now.';
  return turn.passed
    ? `It passes now: that points to ${stages}.`
    : `It does not pass either way: ${stages} alone is not the reason.`;
}
