/** Small models are told to be short and are not, and listeners cannot skim. */
const SHORT_SENTENCES = 2;
/** A story is not over after two sentences, but nor does it go on for ever. */
const LONG_SENTENCES = 12;

const ASKS_FOR_MORE =
  /\b(long|longer|in detail|detailed|details|everything|all about|more about|story|stories|explain|describe|step by step|poem|recipe|list|history of|summary|go on|tell me more)\b/i;

/** Whether the user asks for more than an answer: a story, an explanation, everything there is to say. */
export function asksForLength(userText: string): boolean {
  return ASKS_FOR_MORE.test(userText);
}

/** The sentence with which an answer ends. */
export function maxSentencesFor(userText: string): number {
  return asksForLength(userText) ? LONG_SENTENCES : SHORT_SENTENCES;
}
