import { z } from 'zod';
import { architectureKindSchema } from './architecture.ts';
import { serialisedErrorSchema } from './errors.ts';

/** Parley as a Realtime endpoint for other programs of this machine (docs/speech-to-speech.md). */
export const realtimeEndpointSettingsSchema = z.object({
  enabled: z.boolean(),
  /** 0: any free one. */
  port: z.number().int().min(0).max(65_535),
  /** What answers there: the cascade, or a hosted model. */
  architectureId: z.string(),
});
export type RealtimeEndpointSettings = z.infer<typeof realtimeEndpointSettingsSchema>;

export const DEFAULT_REALTIME_ENDPOINT: RealtimeEndpointSettings = {
  enabled: false,
  port: 7412,
  architectureId: 'cascade',
};

export const realtimeEndpointStateSchema = z.object({
  settings: realtimeEndpointSettingsSchema,
  status: z.enum(['off', 'starting', 'serving', 'failed']),
  /** Of the WebSocket, while it is served. */
  address: z.string().nullable(),
  /** What answers, as it is called everywhere: a cascade behind this protocol is a loopback. */
  serves: z.string(),
  /** What could answer instead. `unavailable`: why not now. */
  choices: z.array(
    z.object({ id: z.string(), label: z.string(), kind: architectureKindSchema, unavailable: z.string().nullable() }),
  ),
  /** Who talks to it now; `name` is what the program calls itself. */
  client: z.object({ name: z.string().nullable(), since: z.string() }).nullable(),
  error: serialisedErrorSchema.nullable(),
});
export type RealtimeEndpointState = z.infer<typeof realtimeEndpointStateSchema>;

export const realtimeEndpointCommands = [
  /** Counts at once: a conversation that goes on there is ended. */
  z.object({ type: z.literal('set-realtime-endpoint'), settings: realtimeEndpointSettingsSchema.partial() }),
  /** Answered by a `realtime-token` event to this window alone. */
  z.object({ type: z.literal('show-realtime-token') }),
  /** The old one opens nothing any more; who is connected is cut off. */
  z.object({ type: z.literal('renew-realtime-token') }),
] as const;
export type RealtimeEndpointCommand = z.infer<(typeof realtimeEndpointCommands)[number]>;

export const realtimeEndpointEvents = [z.object({ type: z.literal('realtime-token'), token: z.string() })] as const;
