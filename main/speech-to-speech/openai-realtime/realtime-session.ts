import type {
  ConversationItem,
  RealtimeClientEvent,
  RealtimeSessionCreateRequest,
} from 'openai/resources/realtime/realtime';
import type { PastExchange } from '../../ports/responder.ts';
import type { ToolOffer } from '../../ports/tool.ts';
import type { TurnTaking } from '../remote-voice.ts';

/** The protocol's only rate for PCM. */
export const WIRE_RATE_HZ = 24_000;

/** Whose detector ends turns: by silence, or by what was said. */
export type ProviderDetector = 'server_vad' | 'semantic_vad';

export interface SessionShape {
  instructions: string;
  tools: readonly ToolOffer[];
  turnTaking: TurnTaking;
  detector: ProviderDetector;
  voice: string | undefined;
}

/** Writes the user's words down on the side; the answer does not wait for it. */
const TRANSCRIPTION_MODEL = 'gpt-4o-mini-transcribe';

export function sessionUpdate(shape: SessionShape): RealtimeClientEvent {
  const { instructions, tools, voice } = shape;
  const format = { type: 'audio/pcm', rate: WIRE_RATE_HZ } as const;
  const session: RealtimeSessionCreateRequest = {
    type: 'realtime',
    instructions,
    output_modalities: ['audio'],
    audio: {
      input: { format, transcription: { model: TRANSCRIPTION_MODEL }, turn_detection: turnDetection(shape) },
      output: { format, ...(voice === undefined ? {} : { voice }) },
    },
    tools: tools.map(({ name, description, parameters }) => ({ type: 'function', name, description, parameters })),
    tool_choice: 'auto',
  };
  return { type: 'session.update', session };
}

export function turnTakingUpdate(shape: Pick<SessionShape, 'turnTaking' | 'detector'>): RealtimeClientEvent {
  return {
    type: 'session.update',
    session: { type: 'realtime', audio: { input: { turn_detection: turnDetection(shape) } } },
  };
}

/** What was said and heard before, as items of a conversation that begins. */
export function historyItems(history: readonly PastExchange[]): ConversationItem[] {
  const items: ConversationItem[] = [];
  for (const { user, heard } of history) {
    if (user !== '') items.push(userMessage(user));
    if (heard === '') continue;
    items.push({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: heard }] });
  }
  return items;
}

export function userMessage(text: string): ConversationItem {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

function turnDetection({ turnTaking, detector }: Pick<SessionShape, 'turnTaking' | 'detector'>) {
  return turnTaking === 'local' ? null : { type: detector, create_response: true, interrupt_response: true };
}
