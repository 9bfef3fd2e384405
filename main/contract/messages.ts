import { z } from 'zod';
import { architectureCommands } from './architecture.ts';
import { captureChainSettingsSchema } from './capture-chain.ts';
import { serialisedErrorSchema } from './errors.ts';
import { evaluationCommands, evaluationEvents } from './evaluation.ts';
import { guardCommands, guardEvents } from './guardrails.ts';
import { preferenceCommands } from './preferences.ts';
import { realtimeEndpointCommands, realtimeEndpointEvents } from './realtime-endpoint.ts';
import { modelCommands, modelEvents } from './models.ts';
import { replyCommands, replyEvents } from './replies.ts';
import { toolCommands, toolEvents } from './tools.ts';
import { secretCommands } from './secrets.ts';
import { appStateSchema, inputModeSchema, transcriptLineSchema } from './state.ts';
import { voiceCueCommandSchemas } from './voice-cues.ts';

/** Raised on every incompatible change; client and app refuse each other when it differs. */
export const CONTRACT_VERSION = 1;

/** Commands from a window to the app. Each gets exactly one reply. */
export const commandSchema = z.discriminatedUnion('type', [
  /** First message on every connection. Answered by a `snapshot` event after the reply. */
  z.object({ type: z.literal('hello'), contractVersion: z.number().int() }),
  /** A typed turn: ends whatever is being said and is answered like a spoken one. */
  z.object({ type: z.literal('say'), text: z.string().min(1).max(4000) }),
  /** The stop button: silences the answer and drops what is being thought. */
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('set-input-mode'), inputMode: inputModeSchema }),
  z.object({ type: z.literal('set-muted'), muted: z.boolean() }),
  z.object({ type: z.literal('push-to-talk'), held: z.boolean() }),
  z.object({ type: z.literal('choose-device'), kind: z.enum(['input', 'output']), deviceId: z.string() }),
  z.object({ type: z.literal('refresh-devices') }),
  /** Switches stages between the microphone and whoever listens; takes effect at once and is remembered. */
  z.object({ type: z.literal('set-capture-chain'), settings: captureChainSettingsSchema }),
  /** Makes this connection the microphone and loudspeaker (web host), or gives sound back to the sound card. */
  z.object({ type: z.literal('use-browser-audio'), on: z.boolean() }),
  /** What the browser's loudspeaker has played of an answer so far, in samples at the answer's rate. */
  z.object({
    type: z.literal('browser-played'),
    answerNumber: z.number().int(),
    playedSamples: z.number().int().nonnegative(),
    ended: z.boolean(),
  }),
  z.object({ type: z.literal('dismiss-problem'), id: z.string() }),
  /** Forgets the conversation so far, in the model and in the window. */
  z.object({ type: z.literal('new-conversation') }),
  ...preferenceCommands,
  ...replyCommands,
  ...architectureCommands,
  ...secretCommands,
  ...realtimeEndpointCommands,
  ...modelCommands,
  ...toolCommands,
  ...guardCommands,
  ...voiceCueCommandSchemas,
  ...evaluationCommands,
]);
export type Command = z.infer<typeof commandSchema>;
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

/** Events from the app to every window. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), state: appStateSchema, lines: z.array(transcriptLineSchema) }),
  /** The whole state, after any change of it. Coalesced: only the latest counts. */
  z.object({ type: z.literal('state'), state: appStateSchema }),
  /** A line is new or has changed; it replaces the line with the same id. Lines are ordered by first appearance. */
  z.object({ type: z.literal('line'), line: transcriptLineSchema }),
  /** Lines that never were (a false start, a preempted answer) or a cleared conversation. */
  z.object({ type: z.literal('lines-removed'), ids: z.array(z.string()) }),
  /** About 20 times a second while a device is open. dBFS of the last 50 ms, −100 when silent. */
  z.object({ type: z.literal('levels'), inputDbfs: z.number(), outputDbfs: z.number(), speechProbability: z.number() }),
  /** To the connection that is the browser audio device: drop what you have of this answer, fading out over fadeMs. */
  z.object({ type: z.literal('browser-stop'), answerNumber: z.number().int(), fadeMs: z.number() }),
  /** Holds the loudspeaker where it is, or goes on from there: nothing is dropped, nothing counts as played meanwhile. */
  z.object({ type: z.literal('browser-hold'), held: z.boolean(), fadeMs: z.number() }),
  z.object({ type: z.literal('browser-gain'), gainDb: z.number(), rampMs: z.number() }),
  /** No more audio of this answer will follow. */
  z.object({ type: z.literal('browser-end'), answerNumber: z.number().int() }),
  ...replyEvents,
  ...modelEvents,
  ...toolEvents,
  ...guardEvents,
  ...evaluationEvents,
  ...realtimeEndpointEvents,
]);
export type AppEvent = z.infer<typeof eventSchema>;

export const clientMessageSchema = z.object({ id: z.number().int().nonnegative(), command: commandSchema });
export type ClientMessage = z.infer<typeof clientMessageSchema>;

export const appMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reply'), id: z.number().int(), error: serialisedErrorSchema.nullable() }),
  z.object({ type: z.literal('event'), event: eventSchema }),
]);
export type AppMessage = z.infer<typeof appMessageSchema>;
