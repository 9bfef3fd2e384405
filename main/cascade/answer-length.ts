/** Small models are told to be short and are not, and listeners cannot skim; but a story is not over after two sentences. */
const ASKS_FOR_MORE =
  /\b(long|longer|in detail|detailed|details|everything|all about|more about|story|stories|explain|describe|step by step|poem|recipe|list|history of|summary|go on|tell me more)\b/i;

/** Whether the user asks for more than an answer: a story, an explanation, everything there is to say. */
export function asksForLength(userText: string): boolean {
  return ASKS_FOR_MORE.test(userText);
}

export interface AnswerLength {
  /** The sentence with which an answer ends. */
  sentences: number;
  /** Where it ends if it has no end by itself: small models run on. 60 tokens are about 15 s of speech. */
  tokens: number;
}

export function answerLength(userText: string): AnswerLength {
  return asksForLength(userText) ? { sentences: 12, tokens: 200 } : { sentences: 2, tokens: 60 };
}
