import type { Temporal } from 'temporal-polyfill';
import type { AnswerEffect, PastExchange } from '../../ports/responder.ts';
import type { Utterance } from '../utterance/utterance.ts';

export interface SkillRequest extends Utterance {
  history: readonly PastExchange[];
  /** The user's time of day, in their zone. */
  now: Temporal.ZonedDateTime;
}

export interface SkillAnswer {
  /** Short and speakable. */
  text: string;
  effect?: AnswerEffect;
  /** The text asks for something: the next turn goes here first, if the question was heard. null when it is no answer to it. */
  followUp?: (request: SkillRequest) => SkillAnswer | null;
}

/** One kind of wish that code can fulfil. */
export interface Skill {
  readonly name: string;
  /** Sentences that it says as they are; their audio is rendered ahead. */
  readonly sentences?: readonly string[];
  /** null unless the wish is surely of this kind. Decides at once and does nothing: what is to be done goes in the effect. */
  answer(request: SkillRequest): SkillAnswer | null;
}

/** The first form of the words that a pattern matches as a whole. */
export function firstMatch(forms: readonly string[], ...patterns: readonly RegExp[]): RegExpExecArray | null {
  for (const form of forms) {
    for (const pattern of patterns) {
      const match = pattern.exec(form);
      if (match) return match;
    }
  }
  return null;
}
