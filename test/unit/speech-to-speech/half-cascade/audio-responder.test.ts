import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromPcm16 } from '../../../../main/lib/pcm16.ts';
import type { ToolBox } from '../../../../main/ports/tool.ts';
import type { ReplyPiece } from '../../../../main/ports/responder.ts';
import { AudioResponder } from '../../../../main/speech-to-speech/half-cascade/audio-responder.ts';
import { UtteranceAudio } from '../../../../main/speech-to-speech/half-cascade/utterance-audio.ts';
import { deafListener } from '../../../fakes/deaf-listener.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { FakeOpenAiServer } from '../../../fakes/fake-openai-server.ts';

let server: FakeOpenAiServer;
const clock = new FakeClock();

beforeEach(async () => {
  server = await FakeOpenAiServer.start();
  server.behaviour = { type: 'deltas', deltas: [{ content: 'You sound ' }, { content: 'happy today. ' }] };
});
afterEach(() => server.stop());

/** Ears that read what they are told, after having heard a rising sound. */
async function heard(text: string): Promise<UtteranceAudio> {
  const listener = { ...deafListener, readUtterance: () => Promise.resolve({ text, completeProbability: 1 }) };
  const audio = new UtteranceAudio(listener);
  for (let at = 0; at < 3200; at += 160) {
    audio.push([{ startSample: at, samples: Float32Array.from({ length: 160 }, (_, i) => (at + i) / 4000) }]);
  }
  audio.beginUtterance(1, 800);
  await audio.readUtterance(1, 2400);
  return audio;
}

async function piecesOf(responder: AudioResponder, userText: string, signal?: AbortSignal): Promise<ReplyPiece[]> {
  const history = [{ user: 'Hi.', heard: 'Hello.' }];
  const pieces: ReplyPiece[] = [];
  for await (const piece of responder.respond({ history, userText }, signal ? { signal } : {})) pieces.push(piece);
  return pieces;
}

function responderWith(audio: UtteranceAudio, apiKey?: string, tools?: ToolBox): AudioResponder {
  return new AudioResponder({
    endpoint: { url: server.baseUrl, model: 'ears' },
    clock,
    apiKey: () => Promise.resolve(apiKey),
    logger: new RecordingLogger(),
    ...(tools ? { tools: { box: tools, clock } } : {}),
    soundOf: (text) => audio.of(text),
  });
}

test('the model gets the sound of the utterance, exactly it, and what was said before as words', async () => {
  const pieces = await piecesOf(responderWith(await heard('how do I sound'), 'a-key'), 'how do I sound');
  const clauses = pieces.flatMap((piece) => (piece.type === 'clause' ? [piece.clause.text] : []));
  expect(clauses).toEqual(['You sound happy today.']);
  const { authorization, body } = server.requests[0]!;
  expect(authorization).toBe('Bearer a-key');
  const messages = body.messages as unknown as { role: string; content: string | object[] }[];
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  expect(messages[1]!.content).toBe('Hi.');
  const [part] = messages[3]!.content as { type: string; input_audio: { data: string; format: string } }[];
  expect(part).toMatchObject({ type: 'input_audio', input_audio: { format: 'wav' } });
  const wav = Buffer.from(part!.input_audio.data, 'base64');
  expect(wav.toString('ascii', 0, 4)).toBe('RIFF');
  expect(wav.readUInt32LE(24)).toBe(16_000);
  const pcm = fromPcm16(wav.subarray(44));
  expect(pcm).toHaveLength(1600);
  expect(pcm[0]).toBeCloseTo(800 / 4000, 3);
  expect(JSON.stringify(body)).not.toContain('how do I sound');
});

test('what was never answered goes before the sound as words, and how long the answer is to be behind it', async () => {
  const userText = 'tell me a story about it';
  const responder = responderWith(await heard(userText));
  const history = [{ user: 'I have a cat.', heard: '' }];
  for await (const piece of responder.respond({ history, userText })) expect(piece).toBeDefined();
  const { content } = server.requests[0]!.body.messages.at(-1)! as unknown as { content: object[] };
  expect(content).toMatchObject([
    { type: 'text', text: 'I have a cat.' },
    { type: 'input_audio' },
    { type: 'text', text: '(Answer in several sentences.)' },
  ]);
  expect(JSON.stringify(content)).not.toContain(userText);
});

test('what was typed goes as words', async () => {
  await piecesOf(responderWith(await heard('something else')), 'and you');
  expect(server.requests[0]!.body.messages.at(-1)).toEqual({ role: 'user', content: 'and you' });
});

test.each([
  [401, 'endpoint-refused'],
  [429, 'endpoint-rate-limited'],
  [400, 'endpoint-refused'],
])('a status of %i is told as %s', async (status, code) => {
  server.behaviour = { type: 'status', status };
  await expect(piecesOf(responderWith(await heard('hello')), 'hello')).rejects.toMatchObject({ code });
});

test('a server that is gone is told as unreachable, and one that says nothing as too late', async () => {
  const responder = responderWith(await heard('hello'));
  server.behaviour = { type: 'slow-first-byte' };
  const late = expect(piecesOf(responder, 'hello')).rejects.toMatchObject({ code: 'call-timeout' });
  await server.nextRequest();
  clock.advance(20_000);
  await late;
  await server.stop();
  await expect(piecesOf(responder, 'hello')).rejects.toMatchObject({ code: 'endpoint-unreachable' });
  server = await FakeOpenAiServer.start();
});

test('an answer that is not wanted any more closes the connection', async () => {
  server.behaviour = { type: 'slow-first-byte' };
  const abort = new AbortController();
  const answering = expect(piecesOf(responderWith(await heard('hello')), 'hello', abort.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  await server.nextRequest();
  abort.abort();
  await answering;
});

test('it uses tools by the same gate, and the sound goes along with their results', async () => {
  const called: string[] = [];
  const tools: ToolBox = {
    offers: () => [{ name: 'weather', description: 'The weather.', parameters: { type: 'object' } }],
    call: (call, { userText }) => {
      called.push(`${userText}: ${call.name} ${call.arguments}`);
      return Promise.resolve({ text: 'rainy', failed: false, outside: false });
    },
  };
  const call = { name: 'weather', arguments: '{"city":"Oslo"}' };
  const asks = { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }] };
  server.behaviour = {
    type: 'by-request',
    choose: ({ messages }) => ({
      type: 'deltas',
      deltas: messages.at(-1)!.role === 'tool' ? [{ content: 'It is rainy. ' }] : [asks],
    }),
  };
  const pieces = await piecesOf(
    responderWith(await heard('what is the weather'), undefined, tools),
    'what is the weather',
  );
  expect(called).toEqual(['what is the weather: weather {"city":"Oslo"}']);
  expect(pieces.flatMap((piece) => (piece.type === 'clause' ? [piece.clause.text] : []))).toEqual(['It is rainy.']);
  const roles = server.requests[1]!.body.messages.map(({ role }) => role);
  expect(roles).toEqual(['system', 'user', 'assistant', 'user', 'assistant', 'tool']);
  expect(JSON.stringify(server.requests[1]!.body.messages[3])).toContain('input_audio');
});
