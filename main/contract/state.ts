import { z } from 'zod';
import { answeringArchitectureSchema, architectureStateSchema } from './architecture.ts';
import { captureAccountSchema, captureChainStateSchema } from './capture-chain.ts';
import { serialisedErrorSchema } from './errors.ts';
import { cueUseSchema, voiceCueSchema, voiceCuesStateSchema } from './voice-cues.ts';
import { preferenceState } from './preferences.ts';
import { realtimeEndpointStateSchema } from './realtime-endpoint.ts';
import { providersStateSchema } from './secrets.ts';
import { claimedEmotionSchema, remoteUsageStateSchema } from './speech-to-speech.ts';

/** Who has the floor, as a person would say it. `starting`: engines are still loading; `off`: no conversation (muted or no device). */
export const floorSchema = z.enum(['starting', 'listening', 'hearing', 'thinking', 'speaking', 'off']);
export type Floor = z.infer<typeof floorSchema>;

export const inputModeSchema = z.enum(['hands-free', 'push-to-talk', 'wake-phrase']);
export type InputMode = z.infer<typeof inputModeSchema>;

export const childNameSchema = z.enum(['audio', 'listen', 'think', 'speak']);
export type ChildName = z.infer<typeof childNameSchema>;

export const childStatusSchema = z.enum([
  'starting',
  'ready',
  'busy',
  'unresponsive',
  'restarting',
  'failed',
  'stopped',
]);
export type ChildStatus = z.infer<typeof childStatusSchema>;

export const audioDeviceSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['input', 'output']),
  hostApi: z.string(),
  defaultSampleRateHz: z.number(),
  channels: z.number(),
  isDefault: z.boolean(),
});
export type AudioDevice = z.infer<typeof audioDeviceSchema>;

/** `blocked`: the device delivers exact zeros (the system denies the microphone); `lost`: no samples arrive. */
export const microphoneStateSchema = z.enum(['off', 'opening', 'ok', 'blocked', 'lost']);
export type MicrophoneState = z.infer<typeof microphoneStateSchema>;

/** Where sound comes from and goes to: the sound card through PortAudio, the connected browser tab, or WAV files. */
export const audioDriverSchema = z.enum(['portaudio', 'browser', 'file', 'none']);
export type AudioDriver = z.infer<typeof audioDriverSchema>;

export const audioStateSchema = z.object({
  driver: audioDriverSchema,
  microphone: microphoneStateSchema,
  devices: z.array(audioDeviceSchema),
  inputId: z.string().nullable(),
  outputId: z.string().nullable(),
  /** What is done to the microphone's sound; absent where that is not the app's business (a browser, a file). */
  chain: captureChainStateSchema.nullable().optional(),
});
export type AudioState = z.infer<typeof audioStateSchema>;

export const engineInfoSchema = z.object({
  /** Catalogue id of the model, or the endpoint's model name. */
  id: z.string(),
  label: z.string(),
  /** True when nothing leaves the machine. */
  local: z.boolean(),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;

/** A problem shown until it is solved or dismissed; words and next step come from error-words.ts. */
export const problemSchema = z.object({
  id: z.string(),
  error: serialisedErrorSchema,
  /** What happened, in words for the user. */
  title: z.string(),
  /** What to do next. */
  nextStep: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

export const appStateSchema = z.object({
  floor: floorSchema,
  inputMode: inputModeSchema,
  muted: z.boolean(),
  pushToTalkHeld: z.boolean(),
  ...preferenceState,
  children: z.array(z.object({ name: childNameSchema, status: childStatusSchema, restarts: z.number() })),
  audio: audioStateSchema,
  engines: z.object({
    asr: engineInfoSchema.nullable(),
    llm: engineInfoSchema.nullable(),
    tts: engineInfoSchema.nullable(),
  }),
  /** How answers come about, and what else could be chosen. */
  architecture: architectureStateSchema.optional(),
  /** Keys of hosted models, as far as windows may know them. */
  providers: providersStateSchema.optional(),
  /** Of the conversation with a hosted model; null while there is none. */
  remoteUsage: remoteUsageStateSchema.nullable().optional(),
  /** Parley for other programs of this machine; its token is never in here. */
  realtimeEndpoint: realtimeEndpointStateSchema.optional(),
  voiceCues: voiceCuesStateSchema.optional(),
  /** The conversation waits, its microphone goes nowhere. `evaluation`: architectures are being compared, or an utterance for that is recorded. */
  pausedFor: z.literal('evaluation').nullable().optional(),
  problems: z.array(problemSchema),
});
/** Everything that the window shows apart from the transcript and the meters. Small enough to be sent whole on change. */
export type AppState = z.infer<typeof appStateSchema>;

/** What happened on one turn and when, in ms after the last speech sample of the user. Keys are mark names of the timeline. */
export const turnTimingSchema = z.object({
  marks: z.array(z.object({ name: z.string(), atMs: z.number() })),
  /** The program's own account of voice-to-voice; the bench measures it from recordings. */
  voiceToVoiceMs: z.number().nullable(),
  /** Why the turn ended when it did; absent where nothing was read (typed turns, notices). */
  end: z
    .object({
      policy: z.string(),
      /** What the words say: "question", "unfinished" … */
      shape: z.string(),
      /** How complete the turn sounded; null without a turn detector. */
      completeProbability: z.number().nullable(),
    })
    .optional(),
});
export type TurnTiming = z.infer<typeof turnTimingSchema>;

/** What made an answer: the table of replies, a skill in code, the language model; or it is a notice that nobody asked for just then. */
export const answerSourceSchema = z.enum(['cache', 'skill', 'model', 'notice']);
export type AnswerSource = z.infer<typeof answerSourceSchema>;

export const transcriptLineSchema = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    id: z.string(),
    turnId: z.string(),
    at: z.string(),
    status: z.enum(['partial', 'final']),
    text: z.string(),
    /** Length of the prefix of `text` that later partials will not change. */
    stableChars: z.number(),
    source: z.enum(['voice', 'typed']),
    /** What was done to the microphone's sound; null where that is not known. Of spoken lines that are final. */
    capture: captureAccountSchema.nullable().optional(),
    /** How it was said; known when the line is final, absent when voices are not measured. */
    voice: voiceCueSchema.optional(),
    /** The same as the recogniser of this machine understood it, where somebody else listens. */
    recognisedLocally: z.string().optional(),
    claimedEmotion: claimedEmotionSchema.optional(),
  }),
  z.object({
    role: z.literal('agent'),
    id: z.string(),
    turnId: z.string(),
    at: z.string(),
    /** `interrupted`: what lies after `heardChars` was never heard and is struck through. */
    status: z.enum(['thinking', 'speaking', 'done', 'interrupted', 'failed']),
    text: z.string(),
    /** How many characters of `text` have left the loudspeaker. */
    heardChars: z.number(),
    error: serialisedErrorSchema.nullable(),
    timing: turnTimingSchema.nullable(),
    /** Whose answer it is. */
    architecture: answeringArchitectureSchema.optional(),
    /** Known when the answer has ended. */
    answeredBy: answerSourceSchema.nullable().optional(),
    /** What was heard of it, as the recogniser of this machine understood it, where somebody else made the sound. */
    recognisedLocally: z.string().optional(),
    /** What the sound of the user's voice did to this answer; absent when it was not used. */
    voiceUse: cueUseSchema.optional(),
  }),
]);
export type TranscriptLine = z.infer<typeof transcriptLineSchema>;
export type UserLine = Extract<TranscriptLine, { role: 'user' }>;
export type AgentLine = Extract<TranscriptLine, { role: 'agent' }>;
