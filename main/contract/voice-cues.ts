import { z } from 'zod';

/**
 * What a voice sounded like, in a word for people. `neutral`: as this speaker usually sounds. `raised`: tense or animated, the sound alone does
 * not tell which. `unclear` is an answer too, and the commonest one where little was heard.
 */
export const voiceWordSchema = z.enum(['calm', 'low', 'neutral', 'animated', 'tense', 'raised', 'unclear']);
export type VoiceWord = z.infer<typeof voiceWordSchema>;

/** Why it is unclear. `baseline`: the speaker is not known yet; `undecided`: the measures do not agree. */
export const unclearReasonSchema = z.enum([
  'too-short',
  'no-voice',
  'not-speech',
  'noisy',
  'baseline',
  'another-speaker',
  'undecided',
]);
export type UnclearReason = z.infer<typeof unclearReasonSchema>;

/** Against the speaker's own baseline. */
export const voiceEvidenceSchema = z.object({
  measure: z.enum(['pitch', 'pitch-range', 'loudness', 'rate', 'brightness']),
  difference: z.number(),
  unit: z.enum(['st', 'dB', '%']),
});
export type VoiceEvidence = z.infer<typeof voiceEvidenceSchema>;

/** 0 … 1 and how far it may be off on either side. */
export const voiceEstimateSchema = z.object({ value: z.number(), halfWidth: z.number() });
export type VoiceEstimate = z.infer<typeof voiceEstimateSchema>;

export const wordsToneSchema = z.enum(['positive', 'neutral', 'negative']);
export type WordsTone = z.infer<typeof wordsToneSchema>;

/** How a turn was said. Measured, never asked of a language model. */
export const voiceCueSchema = z.object({
  word: voiceWordSchema,
  reason: unclearReasonSchema.nullable(),
  /** Calm 0 … 1 raised; null when nothing can be said. */
  arousal: voiceEstimateSchema.nullable(),
  /** Unpleasant 0 … 1 pleasant. Weak by nature: the sound tells little of it. */
  valence: voiceEstimateSchema.nullable(),
  evidence: z.array(voiceEvidenceSchema),
  baselineTurns: z.number().int(),
  /** What the words alone say; null when there are too few to tell. */
  words: wordsToneSchema.nullable(),
  /** Voice and words point apart. */
  disagreement: z.enum(['flat-praise', 'tense-praise', 'lively-complaint']).nullable(),
  /** What other engines say they hear, with whether that fits what was measured. */
  claims: z.array(
    z.object({
      engine: z.string(),
      label: z.string(),
      agrees: z.boolean().nullable(),
      /** 0 … 1 in the engine's own scale; absent when it gives none. */
      confidence: z.number().min(0).max(1).optional(),
    }),
  ),
});
export type VoiceCue = z.infer<typeof voiceCueSchema>;

/** What a cue did to an answer. */
export const cueUseSchema = z.object({
  /** The line that the language model was given; null when none was. */
  promptLine: z.string().nullable(),
  /** A prepared answer was chosen that would not have been chosen otherwise. */
  choseAnswer: z.boolean(),
  /** Pace of the answer against the user's own setting, 1 when unchanged. */
  pace: z.number(),
});
export type CueUse = z.infer<typeof cueUseSchema>;

/** How long the speaker's baseline is kept: until the app ends, or on this machine's disk for some time after it was last used. */
export const baselineRetentionSchema = z.enum(['session', 'week', 'quarter']);
export type BaselineRetention = z.infer<typeof baselineRetentionSchema>;

export const voiceCueSettingsSchema = z.object({
  /** Off: nothing is measured. */
  voiceCues: z.boolean(),
  /** Answers' choice and pace follow the cue. */
  voiceCuesAdapt: z.boolean(),
  /** `auto`: not for models so small that a longer prompt spoils their answers. */
  voiceCuesInPrompt: z.enum(['auto', 'always', 'never']),
  /** The line of words (never sound or measures) may go to a language model on another machine. */
  voiceCuesToHosts: z.boolean(),
  voiceBaselineRetention: baselineRetentionSchema,
});
export type VoiceCueSettings = z.infer<typeof voiceCueSettingsSchema>;

export const DEFAULT_VOICE_CUES: VoiceCueSettings = {
  voiceCues: true,
  voiceCuesAdapt: true,
  voiceCuesInPrompt: 'auto',
  voiceCuesToHosts: false,
  voiceBaselineRetention: 'session',
};

export const voiceCuesStateSchema = voiceCueSettingsSchema.extend({
  /** Turns in the baseline of the microphone in use, and how many it takes to be reliable. */
  baselineTurns: z.number().int(),
  baselineNeeded: z.number().int(),
});

export const voiceCueCommandSchemas = [
  z.object({ type: z.literal('set-voice-cues'), settings: voiceCueSettingsSchema.partial() }),
  /** Forgets every speaker baseline, in memory and on disk. */
  z.object({ type: z.literal('forget-voice-baselines') }),
] as const;
export type VoiceCueCommand = z.infer<(typeof voiceCueCommandSchemas)[number]>;
