import type { EndpointingPolicy } from '../../../main/domain/endpointing/policy.ts';
import {
  learnCleanEnd,
  learnPause,
  mannerOf,
  NO_HABITS,
  type SpeakerHabits,
} from '../../../main/domain/endpointing/speaker-habits.ts';
import type { CollectedPause } from './collect-pauses.ts';

export interface PolicyScore {
  turns: number;
  /** Turns with a pause that the policy would have ended them in. */
  cutTurns: number;
  /** Silence before each end was called, in ms. */
  delaysMs: number[];
}

/** What a policy would have done at the pauses of one session, in their order; `learns`: with what it has heard of the speaker so far. */
export function scorePolicy(
  policy: EndpointingPolicy,
  pauses: readonly CollectedPause[],
  { learns }: { learns: boolean },
): PolicyScore {
  const clips = Map.groupBy(pauses, ({ clip }) => clip);
  const delaysMs: number[] = [];
  let cutTurns = 0;
  let habits: SpeakerHabits = NO_HABITS;
  for (const turn of clips.values()) {
    let wasCut = false;
    for (const { evidence, isEnd, pauseMs } of turn) {
      const delayMs = policy.delayMs(learns ? { ...evidence, manner: mannerOf(habits) } : evidence);
      if (isEnd) delaysMs.push(delayMs);
      else if (pauseMs !== null) {
        const cuts = delayMs < pauseMs;
        wasCut ||= cuts;
        habits = learnPause(habits, pauseMs, { wasCut: cuts });
      }
    }
    if (wasCut) cutTurns++;
    else habits = learnCleanEnd(habits);
  }
  return { turns: clips.size, cutTurns, delaysMs };
}
