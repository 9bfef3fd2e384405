import type { ToolOffer } from '../../ports/tool.ts';
import type { SessionUpdate } from './client-events.ts';
import { WIRE_RATE_HZ } from './paced-output.ts';

export type Refusal = { code: string; message: string; param?: string; event_id?: string | null | undefined };

/** What is asked of a session that cannot be had here; null: all of it can. */
export function refusalOf({ audio, output_modalities }: SessionUpdate): Refusal | null {
  const code = 'invalid_value';
  const isSpoken = ({ type, rate = WIRE_RATE_HZ }: { type: string; rate?: number | undefined }): boolean =>
    type === 'audio/pcm' && rate === WIRE_RATE_HZ;
  if ([audio?.input?.format, audio?.output?.format].some((format) => format && !isSpoken(format))) {
    return { code, message: `Only audio/pcm at ${WIRE_RATE_HZ} Hz is spoken here.`, param: 'session.audio' };
  }
  if (output_modalities && !output_modalities.includes('audio')) {
    return { code, message: 'Answers are always spoken here.', param: 'session.output_modalities' };
  }
  return null;
}

/** Tools of other types (`mcp`) are the vendor's own. */
export function offersOf(tools: NonNullable<SessionUpdate['tools']>): ToolOffer[] {
  return tools.flatMap(({ type, name, description = '', parameters = { type: 'object', properties: {} } }) =>
    type === 'function' && name ? [{ name, description, parameters }] : [],
  );
}

/** A session as `session.created` and `session.updated` show it. */
export function shownSession(session: {
  id: string;
  model: string;
  instructions: string;
  tools: readonly ToolOffer[];
  /** Null: the client ends turns. */
  turnDetection: { type: 'server_vad'; create_response: boolean; interrupt_response: true } | null;
}) {
  const format = { type: 'audio/pcm', rate: WIRE_RATE_HZ } as const;
  const { id, model, instructions, tools, turnDetection: turn_detection } = session;
  return {
    type: 'realtime' as const,
    object: 'realtime.session' as const,
    id,
    model,
    instructions,
    output_modalities: ['audio' as const],
    tools: tools.map((tool) => ({ type: 'function' as const, ...tool })),
    tool_choice: 'auto' as const,
    audio: { input: { format, turn_detection }, output: { format, voice: 'parley' } },
  };
}
