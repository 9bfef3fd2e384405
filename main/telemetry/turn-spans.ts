import type { AgentLine, EngineInfo } from '../contract/state.ts';

/** A span before any library knows of it. Times are wall-clock milliseconds. */
export interface PlannedSpan {
  name: string;
  kind: 'internal' | 'client';
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number | boolean>;
  /** An error code of ours; never a message, which others have written. */
  failed: string | null;
  children: PlannedSpan[];
}

export interface EndedTurn {
  line: AgentLine;
  /** Null: not to be told (the default). */
  content: { user: string; heard: string } | null;
  engines: { asr: EngineInfo | null; llm: EngineInfo | null; tts: EngineInfo | null };
  conversationId: string;
  /** When the line was found to have ended. */
  endedAtMs: number;
}

/** Well-known values of `gen_ai.provider.name`; every other architecture goes by its own id. */
const PROVIDER_NAMES: Record<string, string> = {
  'openai-realtime': 'openai',
  'openai-live': 'openai',
  'gemini-live': 'gcp.gemini',
};

/**
 * The spans of a turn that has ended: the turn from the user's last sound (a typed turn: from its being sent) to the end of the answer, and
 * its stages below it. A stage's span is what the turn waited for: that of the model ends with the first clause, not with its last word.
 */
export function turnSpans(turn: EndedTurn): PlannedSpan {
  const { line, endedAtMs, conversationId } = turn;
  const marks = new Map(line.timing?.marks.map(({ name, atMs }) => [name, atMs]));
  // The line appears when the answer has begun and the turn is over, whichever comes last: the two clocks are tied together there.
  const shownMs = Math.max(0, marks.get('endpoint') ?? 0, marks.get('answer-started') ?? 0);
  const originMs = Date.parse(line.at) - shownMs;
  const startMs = line.timing ? originMs : endedAtMs;
  const at = (name: string): number | undefined => {
    const offset = marks.get(name);
    return offset === undefined ? undefined : originMs + offset;
  };
  const span = (name: string, from: number | undefined, to: number | undefined, more: Partial<PlannedSpan> = {}) =>
    from === undefined || to === undefined || to < from ? [] : [plain({ name, startMs: from, endMs: to, ...more })];
  const voiceToVoiceMs = line.timing?.voiceToVoiceMs ?? null;
  return plain({
    name: 'voice.turn',
    startMs,
    endMs: Math.max(endedAtMs, startMs),
    failed: line.error?.code ?? null,
    attributes: {
      'gen_ai.conversation.id': conversationId,
      'parley.architecture.id': line.architecture?.id ?? 'unknown',
      'parley.architecture.kind': line.architecture?.kind ?? 'unknown',
      'parley.answer.status': line.status,
      'parley.answer.source': line.answeredBy ?? 'unknown',
      ...(voiceToVoiceMs === null ? {} : { 'parley.voice_to_voice_ms': voiceToVoiceMs }),
      ...(line.timing?.end ? { 'parley.endpoint.policy': line.timing.end.policy } : {}),
    },
    children: [
      ...span('endpoint', startMs, at('endpoint')),
      ...span('recognise', at('reading-asked'), at('reading'), modelOf(turn.engines.asr)),
      ...modelSpan(turn, at),
      ...span('synthesise', at('first-clause'), at('first-audio'), modelOf(turn.engines.tts)),
      ...span('play', at('audible'), endedAtMs),
    ],
  });
}

/** Only where a model has answered: the table of replies and the skills are code. */
function modelSpan(turn: EndedTurn, at: (name: string) => number | undefined): PlannedSpan[] {
  const { line, engines, conversationId, content } = turn;
  const { architecture } = line;
  const isCascade = architecture === undefined || architecture.kind === 'cascade';
  const startMs = at('answer-started');
  const endMs = at('first-clause') ?? at('first-audio') ?? at('first-token') ?? turn.endedAtMs;
  if (startMs === undefined || endMs < startMs || line.answeredBy !== 'model') return [];
  const model = isCascade ? engines.llm?.id : undefined;
  const firstTokenMs = at('first-token') ?? at('first-audio');
  const local = engines.llm?.local ? 'parley' : 'openai';
  return [
    plain({
      name: model === undefined ? 'chat' : `chat ${model}`,
      kind: 'client',
      startMs,
      endMs,
      failed: line.error?.stage === 'think' ? line.error.code : null,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': isCascade ? local : (PROVIDER_NAMES[architecture.id] ?? architecture.id),
        'gen_ai.conversation.id': conversationId,
        'gen_ai.output.type': isCascade ? 'text' : 'speech',
        ...(model === undefined ? {} : { 'gen_ai.request.model': model }),
        ...(firstTokenMs === undefined
          ? {}
          : { 'gen_ai.response.time_to_first_chunk': (firstTokenMs - startMs) / 1000 }),
        ...(content === null
          ? {}
          : {
              'gen_ai.input.messages': messages('user', content.user),
              'gen_ai.output.messages': messages('assistant', content.heard),
            }),
      },
    }),
  ];
}

function messages(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

function modelOf(engine: EngineInfo | null): Partial<PlannedSpan> {
  return engine === null ? {} : { attributes: { 'parley.model': engine.id } };
}

function plain(span: Pick<PlannedSpan, 'name' | 'startMs' | 'endMs'> & Partial<PlannedSpan>): PlannedSpan {
  return { kind: 'internal', attributes: {}, failed: null, children: [], ...span };
}
