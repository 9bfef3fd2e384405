import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AgentLine, AppState } from '../../../main/contract/state.ts';
import { MonotonicClock } from '../../../main/platform/monotonic-clock.ts';
import { openTurnTelemetry, type TelemetryRun, type TurnTelemetry } from '../../../main/telemetry/turn-telemetry.ts';
import { turnSpans } from '../../../main/telemetry/turn-spans.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const SHOWN_AT = Date.parse('2026-03-01T12:00:00.000Z');
const TRACE = 'a'.repeat(32);
const marks = [
  { name: 'reading-asked', atMs: 90 },
  { name: 'reading', atMs: 140 },
  { name: 'answer-started', atMs: 150 },
  { name: 'first-token', atMs: 210 },
  { name: 'first-clause', atMs: 300 },
  { name: 'endpoint', atMs: 400 },
  { name: 'first-audio', atMs: 450 },
  { name: 'audible', atMs: 500 },
];
const line: AgentLine = {
  role: 'agent',
  id: 'agent-1-1',
  turnId: 'turn-1-1',
  at: new Date(SHOWN_AT).toISOString(),
  status: 'done',
  text: 'A secret answer.',
  heardChars: 16,
  error: null,
  timing: { marks, voiceToVoiceMs: 500 },
  answeredBy: 'model',
  architecture: { id: 'cascade', label: 'Cascade', kind: 'cascade' },
};
const engine = { id: 'm', label: 'M', local: true };
const engines = { asr: { ...engine, id: 'ear' }, llm: { ...engine, id: 'mind' }, tts: { ...engine, id: 'mouth' } };
const state = { engines, children: [] } as unknown as AppState;

let collector: Server;
let received: { path: string; text: string }[];

/** A collector that keeps what it is sent. */
beforeEach(async () => {
  received = [];
  collector = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      received.push({ path: request.url ?? '', text });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  collector.closeAllConnections();
  collector.close();
});

function open(run?: TelemetryRun): Promise<TurnTelemetry | undefined> {
  const wallClock = { epochMs: () => SHOWN_AT + 2000, timeZone: () => 'UTC' };
  return openTurnTelemetry({
    env: process.env,
    clock: new MonotonicClock(),
    logger: new RecordingLogger(),
    wallClock,
    state: () => state,
    run,
  });
}

async function sendTurn(): Promise<string> {
  const telemetry = (await open())!;
  telemetry.onLine({
    role: 'user',
    id: 'u',
    turnId: line.turnId,
    at: line.at,
    status: 'final',
    text: 'A secret question?',
    stableChars: 18,
    source: 'voice',
  });
  telemetry.onLine(line);
  // Told again with something added to it: still one turn.
  telemetry.onLine({ ...line, voiceUse: undefined });
  telemetry.onState({ children: [{ name: 'speak', status: 'ready', restarts: 2 }] });
  await telemetry.close();
  return received.map(({ text }) => text).join('\n');
}

interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  links?: { traceId: string }[];
}

function sentSpans(): SentSpan[] {
  return received
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ text }) => JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] })
    .flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    );
}

test('a collector gets one turn with its stages, by the GenAI conventions, and no word that was said', async () => {
  vi.stubEnv('TRACEPARENT', `00-${TRACE}-${'b'.repeat(16)}-01`);
  const all = await sendTurn();
  const spans = sentSpans();
  const turn = spans.find(({ name }) => name === 'voice.turn')!;
  expect(spans.map(({ name }) => name).sort()).toEqual([
    'chat mind',
    'endpoint',
    'play',
    'recognise',
    'synthesise',
    'voice.turn',
  ]);
  expect(spans.filter((span) => span !== turn).map(({ parentSpanId }) => parentSpanId)).toEqual(
    Array<string>(5).fill(turn.spanId),
  );
  const chat = spans.find(({ name }) => name === 'chat mind')!;
  const attributes = Object.fromEntries(chat.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  expect(attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'parley',
    'gen_ai.request.model': 'mind',
    'gen_ai.response.time_to_first_chunk': 0.06,
  });
  expect((BigInt(chat.endTimeUnixNano) - BigInt(chat.startTimeUnixNano)) / 1_000_000n).toBe(150n);
  expect(turn.links?.map(({ traceId }) => traceId)).toEqual([TRACE]);
  expect(all).toContain('parley.turn.voice_to_voice');
  expect(all).toContain('parley.child.restarts');
  expect(all).not.toContain('secret');
});

test('turns of an evaluation say to which run and cell they belong, and the evaluation is told their traces', async () => {
  const told: Record<string, string> = {};
  const telemetry = (await open({
    attributes: { 'parley.bench.run_id': 'run-1', 'parley.bench.cell': 'rapid.short.cascade.1' },
    onTurn: ({ lineId, traceId }) => (told[lineId] = traceId),
  }))!;
  telemetry.onLine(line);
  telemetry.onLine({ ...line, id: 'agent-1-2' });
  await telemetry.close();
  const turns = sentSpans().filter(({ name }) => name === 'voice.turn');
  expect(turns.map(({ traceId }) => traceId)).toEqual([told['agent-1-1'], told['agent-1-2']]);
  expect(new Set(Object.values(told)).size).toBe(2);
  for (const { attributes } of turns) {
    expect(attributes).toContainEqual({ key: 'parley.bench.run_id', value: { stringValue: 'run-1' } });
    expect(attributes).toContainEqual({ key: 'parley.bench.cell', value: { stringValue: 'rapid.short.cascade.1' } });
  }
});

test('words are told only when that was asked for', async () => {
  vi.stubEnv('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', 'true');
  const all = await sendTurn();
  expect(all).toContain('A secret question?');
  expect(all).toContain('A secret answer.');
});

test('without an endpoint there is none', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', '');
  expect(await open()).toBeUndefined();
});

test('an answer of code has no span of a model, and a failure has its code', () => {
  const rest = { content: null, engines, conversationId: 'c', endedAtMs: SHOWN_AT + 2000 };
  const skill = turnSpans({ ...rest, line: { ...line, answeredBy: 'skill' } });
  expect(skill.children.map(({ name }) => name)).not.toContain('chat mind');
  const error = { code: 'engine-failed', stage: 'think', message: 'a secret', retryable: true } as const;
  const failed = turnSpans({ ...rest, line: { ...line, status: 'failed', timing: null, error } });
  expect(failed.failed).toBe('engine-failed');
  expect(JSON.stringify(failed)).not.toContain('secret');
});
