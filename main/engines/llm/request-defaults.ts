/** What LlmRequest promises when it names no number: about half a minute of speech. */
export const DEFAULT_MAX_TOKENS = 160;
