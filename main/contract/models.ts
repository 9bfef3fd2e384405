import { z } from 'zod';
import { serialisedErrorSchema } from './errors.ts';

/** What can be exchanged while the app runs. */
export const modelStageSchema = z.enum(['asr', 'llm', 'tts', 'vad', 'turn']);
export type ModelStage = z.infer<typeof modelStageSchema>;

/** Instead of a model's id for the stage `turn`: pauses and words alone decide when a turn is over. */
export const NO_TURN_MODEL = 'none';

/** A server to think with: an address up to and including the version, and the name of the model there. Its key comes from the secrets. */
export const endpointSchema = z.object({ url: z.url({ protocol: /^https?$/ }), model: z.string().min(1).max(200) });
export type Endpoint = z.infer<typeof endpointSchema>;

/** Voice to voice as it would be on this machine, in ms, and where it goes. docs/models.md has the formula. */
export const latencyForecastSchema = z.object({
  totalMs: z.number(),
  endpointMs: z.number(),
  recognitionMs: z.number(),
  thinkingMs: z.number(),
  speakingMs: z.number(),
  /** Of the language model; a voice is read to at about 4 a second. */
  tokensPerSecond: z.number(),
});
export type LatencyForecast = z.infer<typeof latencyForecastSchema>;

export const shownModelSchema = z.object({
  id: z.string(),
  stage: modelStageSchema,
  label: z.string(),
  state: z.enum(['installed', 'available', 'changed']),
  isCurrent: z.boolean(),
  isStarter: z.boolean(),
  /** Added by the user, not from the catalogue. */
  isImported: z.boolean(),
  /** We have run it; otherwise it is listed by its publisher's word. */
  isVerified: z.boolean(),
  /** Of all its files; approximate where the publisher's figure is not known to the byte. */
  bytes: z.number(),
  memoryBytes: z.number(),
  licence: z.object({ spdx: z.string(), url: z.string().nullable() }),
  languages: z.array(z.string()),
  goodFor: z.string(),
  /** SHA-256 of its files as they were when installed, by path; empty when it is not. */
  hashes: z.array(z.object({ path: z.string(), sha256: z.string(), trustedOnFirstUse: z.boolean() })),
  /** With this model in its stage and the others as they are; null before the machine was measured, and where that says nothing. */
  forecast: latencyForecastSchema.nullable(),
  /** false: the machine's memory does not suffice. */
  fits: z.boolean(),
});
export type ShownModel = z.infer<typeof shownModelSchema>;

export const profileNameSchema = z.enum(['starter', 'balanced', 'best']);
export type ProfileName = z.infer<typeof profileNameSchema>;

export const profileSchema = z.object({
  name: profileNameSchema,
  models: z.object({ asr: z.string(), llm: z.string(), tts: z.string() }),
  /** Still to be downloaded. */
  downloadBytes: z.number(),
  memoryBytes: z.number(),
  forecast: latencyForecastSchema.nullable(),
});
export type Profile = z.infer<typeof profileSchema>;

export const calibrationSchema = z.object({
  at: z.string(),
  cores: z.number(),
  totalMemoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  /** Of the starter model: reading a prompt, and writing. */
  prefillTokensPerSecond: z.number(),
  decodeTokensPerSecond: z.number(),
  /** Time for one second of sound, of the starter recogniser and the starter voice. */
  asrRealTimeFactor: z.number(),
  ttsRealTimeFactor: z.number(),
  tookMs: z.number(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

export const modelInstallSchema = z.object({
  ids: z.array(z.string()),
  label: z.string(),
  doneBytes: z.number(),
  totalBytes: z.number(),
  bytesPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
});

export const modelsStateSchema = z.object({
  models: z.array(shownModelSchema),
  endpoint: endpointSchema.nullable(),
  /** Whether a key for it is known; the key itself never leaves the app. */
  endpointKeyKnown: z.boolean(),
  /** A choice that is under way: `loading` beside the engine of now, `waiting` for the end of the turn. */
  switching: z.array(z.object({ stage: modelStageSchema, modelId: z.string(), phase: z.enum(['loading', 'waiting']) })),
  install: modelInstallSchema.nullable(),
  calibrating: z.boolean(),
  importing: z.boolean(),
  calibration: calibrationSchema.nullable(),
  profiles: z.array(profileSchema),
  recommended: profileNameSchema.nullable(),
  /** The last thing that was asked for here and could not be done. */
  failure: serialisedErrorSchema.nullable(),
  /** What has just been done, in a sentence: something was installed, imported, removed. */
  notice: z.string().nullable(),
});
export type ModelsState = z.infer<typeof modelsStateSchema>;

/** Commands of the models view. Each is answered when taken; what comes of it is told by `models` events. */
export const modelCommands = [
  /** Sends a `models` event. */
  z.object({ type: z.literal('show-models') }),
  z.object({ type: z.literal('choose-model'), stage: modelStageSchema, modelId: z.string().min(1) }),
  z.object({ type: z.literal('choose-endpoint'), endpoint: endpointSchema }),
  /** `use`: the models take over their stages when they are there. */
  z.object({ type: z.literal('install-models'), ids: z.array(z.string()).min(1).max(20), use: z.boolean() }),
  z.object({ type: z.literal('cancel-install') }),
  z.object({ type: z.literal('remove-model'), modelId: z.string() }),
  z.object({ type: z.literal('calibrate-models') }),
  z.object({ type: z.literal('use-profile'), profile: profileNameSchema }),
  /** A Piper voice (.onnx, with its .onnx.json) or a language model (.gguf), by its path on the machine where Parley runs. */
  z.object({ type: z.literal('import-model'), path: z.string().min(1).max(4096) }),
] as const;

export const modelEvents = [z.object({ type: z.literal('models'), models: modelsStateSchema })] as const;
