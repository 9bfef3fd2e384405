import { z } from 'zod';
import type { Refusal } from './session-shape.ts';

/** The least of each event that we read; whatever else clients send with it is ignored, as the protocol grows. */
const audioFormat = z.looseObject({ type: z.string(), rate: z.number().optional() });
const turnDetection = z
  .looseObject({ type: z.enum(['server_vad', 'semantic_vad']), create_response: z.boolean().nullish() })
  .nullable();

const sessionSchema = z.looseObject({
  type: z.string().optional(),
  instructions: z.string().optional(),
  output_modalities: z.array(z.string()).optional(),
  audio: z
    .looseObject({
      input: z.looseObject({ format: audioFormat.optional(), turn_detection: turnDetection.optional() }).optional(),
      output: z.looseObject({ format: audioFormat.optional() }).optional(),
    })
    .optional(),
  tools: z
    .array(
      z.looseObject({
        type: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
        parameters: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
});
export type SessionUpdate = z.infer<typeof sessionSchema>;

const itemSchema = z.looseObject({
  id: z.string().optional(),
  type: z.string(),
  role: z.string().optional(),
  content: z
    .array(z.looseObject({ type: z.string(), text: z.string().nullish(), transcript: z.string().nullish() }))
    .optional(),
  call_id: z.string().optional(),
  output: z.string().optional(),
});
export type ClientItem = z.infer<typeof itemSchema>;

const eventId = { event_id: z.string().optional() };

const clientEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.update'), session: sessionSchema, ...eventId }),
  z.object({ type: z.literal('input_audio_buffer.append'), audio: z.string(), ...eventId }),
  z.object({ type: z.literal('input_audio_buffer.commit'), ...eventId }),
  z.object({ type: z.literal('input_audio_buffer.clear'), ...eventId }),
  z.object({ type: z.literal('conversation.item.create'), item: itemSchema, ...eventId }),
  z.object({ type: z.literal('conversation.item.retrieve'), item_id: z.string(), ...eventId }),
  z.object({ type: z.literal('conversation.item.delete'), item_id: z.string(), ...eventId }),
  z.object({
    type: z.literal('conversation.item.truncate'),
    item_id: z.string(),
    content_index: z.number(),
    audio_end_ms: z.number().nonnegative(),
    ...eventId,
  }),
  z.object({ type: z.literal('response.create'), ...eventId }),
  z.object({ type: z.literal('response.cancel'), response_id: z.string().optional(), ...eventId }),
]);
export type ClientEvent = z.infer<typeof clientEventSchema>;

/** One message of a client, or what is wrong with it. */
export function readClientEvent(json: string): { event: ClientEvent } | { refusal: Refusal } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { refusal: { code: 'invalid_json', message: 'The message is no JSON.' } };
  }
  const parsed = clientEventSchema.safeParse(value);
  if (parsed.success) return { event: parsed.data };
  const { path, message } = parsed.error.issues[0]!;
  const param = path.join('.');
  return {
    refusal: { code: 'invalid_event', message: `${param}: ${message}`, param, event_id: eventIdOf(value) },
  };
}

function eventIdOf(value: unknown): string | null {
  const id = (value as { event_id?: unknown } | null)?.event_id;
  return typeof id === 'string' ? id : null;
}
