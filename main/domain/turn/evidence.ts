import type { PauseEvidence } from '../endpointing/policy.ts';
import { mannerOf } from '../endpointing/speaker-habits.ts';
import type { Answer, Reading, TurnState, Utterance } from './state.ts';

/** What a policy is given to judge a pause by; without a reading, that there is none yet. */
export function evidenceOf(
  { habits, question, answer }: TurnState,
  { speechMs, sentenceEnd: asked, turnId }: Utterance,
  reading: Pick<Reading, 'text' | 'completeProbability'> | null,
): PauseEvidence {
  const { text = null, completeProbability = null } = reading ?? {};
  const sentenceEnd = asked?.text === text ? asked.probability : null;
  const answersQuestion = question !== null;
  const isKnown = isKnownAnswer(answer, turnId, text);
  return { text, completeProbability, sentenceEnd, speechMs, manner: mannerOf(habits), answersQuestion, isKnown };
}

/** Whether code has its answer to just these words of the turn. */
export function isKnownAnswer(answer: Answer | null, turnId: number, text: string | null): answer is Answer {
  return answer !== null && answer.knownBy !== null && answer.turnId === turnId && answer.userText === text;
}
