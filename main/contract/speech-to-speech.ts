import { z } from 'zod';

/** What is done here to conversations with a speech-to-speech model; counts from the next session on. */
export const speechToSpeechSettingsSchema = z.object({
  /**
   * How long the sound of an answer is held back, so that guardrails can read its words before they are heard. Every answer begins so much
   * later. 0: a rule still ends an answer, but perhaps after the word.
   */
  holdBackMs: z.number().int().min(0).max(1500),
  /** The recogniser of this machine writes down what the user says and what is heard of the answers, too. */
  sideTranscript: z.boolean(),
  /** The table of replies and the skills of this machine answer first; a model gets the rest. Where its protocol can. */
  localFirst: z.boolean(),
});

export const DEFAULT_SPEECH_TO_SPEECH: z.infer<typeof speechToSpeechSettingsSchema> = {
  holdBackMs: 0,
  sideTranscript: true,
  localFirst: false,
};

export const answerUsageSchema = z.object({
  /** The whole context of the answer, as the provider counted it; earlier turns are in it again. */
  inputTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
});
export type AnswerUsage = z.infer<typeof answerUsageSchema>;

/** The conversation of now by the provider's own meter. */
export const remoteUsageStateSchema = z.object({
  architectureId: z.string(),
  connectedMs: z.number(),
  totals: answerUsageSchema,
  /** The last answers, oldest first: how the context grows. */
  answers: z.array(answerUsageSchema),
  /** null: there is no price for it in the table, or its meter cannot be read here. */
  cost: z.object({ usd: z.number(), meter: z.enum(['tokens', 'connected-minute']), priceDate: z.string() }).nullable(),
});
export type RemoteUsageState = z.infer<typeof remoteUsageStateSchema>;

/** What a model says that it heard in a voice. Nothing was measured: it is shown as claimed, and decides nothing. */
export const claimedEmotionSchema = z.object({
  label: z.string().max(60),
  grounding: z.literal('claimed, ungrounded'),
});
export type ClaimedEmotion = z.infer<typeof claimedEmotionSchema>;
