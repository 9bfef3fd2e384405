import type { PauseEvidence } from '../endpointing/policy.ts';
import { mannerOf } from '../endpointing/speaker-habits.ts';
import type { Reading, TurnState, Utterance } from './state.ts';

/** What a policy is given to judge a pause by; without a reading, that there is none yet. */
export function evidenceOf(
  { habits, question }: TurnState,
  { speechMs }: Utterance,
  reading: Pick<Reading, 'text' | 'completeProbability'> | null,
): PauseEvidence {
  const { text = null, completeProbability = null } = reading ?? {};
  return { text, completeProbability, speechMs, manner: mannerOf(habits), answersQuestion: question !== null };
}
