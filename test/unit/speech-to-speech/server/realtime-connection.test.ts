import { expect, test } from 'vitest';
import { ParleyError } from '../../../../main/contract/errors.ts';
import { toPcm16 } from '../../../../main/lib/pcm16.ts';
import type { ToolBox } from '../../../../main/ports/tool.ts';
import type { VoiceEvent } from '../../../../main/ports/voice-architecture.ts';
import { RealtimeConnection } from '../../../../main/speech-to-speech/server/realtime-connection.ts';
import { FakeArchitecture } from '../../../fakes/fake-architecture.ts';
import { FakeClock, settle } from '../../../fakes/fake-clock.ts';

/** What of the protocol's events is looked at here; each has some of it. */
interface Told {
  type: string;
  item_id: string;
  delta: string;
  transcript: string;
  error: { code: string; event_id: string | null };
  response: { status: string; output: { content: { transcript: string }[] }[] };
}

const RATE_HZ = 24_000;
const timing = { marks: [], voiceToVoiceMs: null } as never;

class Rig {
  readonly clock = new FakeClock();
  readonly architecture = new FakeArchitecture('fake');
  readonly told: Told[] = [];
  readonly connection: RealtimeConnection;
  tools!: ToolBox;
  failure: ParleyError | null = null;
  #read = 0;

  constructor() {
    let ids = 0;
    this.connection = new RealtimeConnection({
      architectureFor: ({ tools }) => {
        this.tools = tools;
        return this.architecture;
      },
      modelName: 'parley-cascade',
      clock: this.clock,
      // The same rate is enough here: what conversion does is the resampler's own test.
      openResampler: () => Promise.resolve({ process: (pcm) => pcm, close() {} }),
      newId: () => String(++ids),
      send: (json) => void this.told.push(JSON.parse(json) as Told),
      onFailed: (error) => void (this.failure = error),
    });
  }

  get session() {
    return this.architecture.session;
  }

  /** What the client sends, each event after what the one before has caused. */
  async send(...events: Record<string, unknown>[]): Promise<void> {
    for (const event of events) {
      this.connection.receive(JSON.stringify(event));
      await settle();
    }
  }

  speak(): Promise<void> {
    return this.send({ type: 'input_audio_buffer.append', audio: toPcm16(new Float32Array(480)).toString('base64') });
  }

  emit(...events: VoiceEvent[]): void {
    for (const event of events) this.session.options.onEvent(event);
  }

  hears(turnId: number, text: string): void {
    this.emit(
      { type: 'floor', floor: 'hearing' },
      { type: 'user-text', turnId, text: text.slice(0, 3), stableChars: 0, final: false, source: 'voice' },
      { type: 'user-text', turnId, text, stableChars: text.length, final: true, source: 'voice' },
      { type: 'floor', floor: 'thinking' },
    );
  }

  /** An answer with sound of this length; the rest of it is for the test. */
  async begins(answerNumber: number, text: string, { ms = 1000 } = {}): Promise<void> {
    this.emit({ type: 'answer-started', answerNumber, turnId: answerNumber });
    this.emit({ type: 'answer-text', answerNumber, text, heardChars: 0 });
    const { loudspeaker } = this.session.options;
    void loudspeaker.play(answerNumber, new Float32Array((ms * RATE_HZ) / 1000).fill(0.1), RATE_HZ);
    await settle();
  }

  ends(answerNumber: number, text: string, outcome: 'done' | 'interrupted' | 'failed' = 'done'): void {
    const error = outcome === 'failed' ? new ParleyError({ code: 'engine-failed', stage: 'think' }).serialise() : null;
    const heardChars = outcome === 'done' ? text.length : 0;
    const end = { answerNumber, turnId: answerNumber, outcome, text, heardChars, error, timing, answeredBy: 'model' };
    this.emit({ type: 'answer-ended', ...end } as VoiceEvent);
  }

  async manual(): Promise<void> {
    await this.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: null } } },
    });
  }

  /** Types of what the client was told since this was last asked; audio once however many pieces it came in. */
  news(): string[] {
    const news = this.told.slice(this.#read).map(({ type }) => type);
    this.#read = this.told.length;
    return news.filter((type, i) => type !== 'response.output_audio.delta' || news[i - 1] !== type);
  }

  of(type: string): Told[] {
    return this.told.filter((event) => event.type === type);
  }

  errorCodes(): string[] {
    return this.of('error').map(({ error }) => error.code);
  }

  sentMs(): number {
    const bytes = this.of('response.output_audio.delta').map(({ delta }) => Buffer.from(delta, 'base64').length);
    return bytes.reduce((sum, each) => sum + each, 0) / 2 / 24;
  }

  /** Responses never overlap, and all that were opened are closed. */
  expectOrderly(): void {
    let open = 0;
    for (const { type } of this.told) {
      if (type === 'response.created') open++;
      if (type === 'response.done') open--;
      expect(open).toBeGreaterThanOrEqual(0);
      expect(open).toBeLessThanOrEqual(1);
    }
    expect(open).toBe(0);
  }
}

test('a spoken turn is announced, committed with its words, and answered in one response', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.news();
  rig.hears(1, 'what time is it');
  expect(rig.news()).toEqual([
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'conversation.item.input_audio_transcription.completed',
  ]);
  expect(new Set(rig.told.map(({ item_id }) => item_id).filter(Boolean)).size).toBe(1);
  await rig.begins(1, 'It is noon.', { ms: 300 });
  rig.session.options.loudspeaker.endAnswer(1);
  await rig.clock.advanceAsync(400);
  rig.ends(1, 'It is noon.');
  expect(rig.news()).toEqual([
    'response.created',
    'response.output_item.added',
    'conversation.item.added',
    'response.content_part.added',
    'response.output_audio_transcript.delta',
    'response.output_audio.delta',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done',
    'response.done',
  ]);
  expect(rig.of('response.done')[0]!.response.output[0]!.content[0]!.transcript).toBe('It is noon.');
  expect(rig.sentMs()).toBe(300);
  rig.expectOrderly();
});

test('audio comes as whole 10 ms frames at the capture rate', async () => {
  const rig = new Rig();
  await rig.speak();
  expect(rig.session.pushed.map(({ startSample }) => startSample)).toEqual([0, 160, 320]);
});

test('what comes at once is carried out in its order, although the session is being opened', async () => {
  const rig = new Rig();
  for (let i = 0; i < 5; i++) void rig.speak();
  await settle(10);
  expect(rig.session.pushed.map(({ startSample }) => startSample)).toEqual(
    Array.from({ length: 15 }, (_, i) => i * 160),
  );
  expect(rig.architecture.sessions).toHaveLength(1);
});

test('a manual turn is committed by the client and answered when it asks for it', async () => {
  const rig = new Rig();
  await rig.manual();
  await rig.speak();
  expect(rig.session.isHeld).toBe(true);
  rig.news();
  await rig.send({ type: 'input_audio_buffer.commit' });
  expect(rig.session.isHeld).toBe(false);
  rig.hears(1, 'good morning');
  await rig.begins(1, 'Good morning to you.');
  await rig.clock.advanceAsync(1000);
  expect(rig.news()).toEqual([
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'conversation.item.input_audio_transcription.completed',
  ]);
  await rig.send({ type: 'response.create' });
  expect(rig.news().slice(0, 1)).toEqual(['response.created']);
  expect(rig.of('response.output_audio_transcript.delta')[0]!.delta).toBe('Good morning to you.');
  expect(rig.sentMs()).toBe(400);
});

test('a response that is asked for before the words of a manual turn are known comes when they are', async () => {
  const rig = new Rig();
  await rig.manual();
  await rig.speak();
  await rig.send({ type: 'input_audio_buffer.commit' }, { type: 'response.create' });
  rig.hears(1, 'good morning');
  await rig.begins(1, 'Hello.');
  expect(rig.of('response.created')).toHaveLength(1);
  expect(rig.errorCodes()).toEqual([]);
});

test('a manual turn that is taken up again before it was answered leaves no trace of its answer', async () => {
  const rig = new Rig();
  await rig.manual();
  await rig.speak();
  await rig.send({ type: 'input_audio_buffer.commit' });
  rig.hears(1, 'and');
  await rig.begins(1, 'And what?');
  await rig.speak();
  rig.emit({ type: 'answer-withdrawn', answerNumber: 1 });
  await rig.send({ type: 'input_audio_buffer.commit' });
  rig.hears(2, 'and so on');
  await rig.begins(2, 'I see.');
  await rig.send({ type: 'response.create' });
  expect(rig.of('response.created')).toHaveLength(1);
  expect(rig.of('response.output_audio_transcript.delta').map(({ delta }) => delta)).toEqual(['I see.']);
});

test('a commit without audio is refused', async () => {
  const rig = new Rig();
  await rig.manual();
  await rig.send({ type: 'input_audio_buffer.commit', event_id: 'mine' });
  expect(rig.of('error')[0]!.error).toMatchObject({ code: 'input_audio_buffer_commit_empty', event_id: 'mine' });
});

test('a manual turn without words ends in an error, for whoever waits for a response', async () => {
  const rig = new Rig();
  await rig.manual();
  await rig.speak();
  rig.emit({ type: 'floor', floor: 'hearing' });
  await rig.send({ type: 'input_audio_buffer.commit' }, { type: 'response.create' });
  rig.emit({ type: 'floor', floor: 'listening' });
  expect(rig.errorCodes()).toEqual(['nothing_heard']);
});

test('a typed item is said when a response is asked for', async () => {
  const rig = new Rig();
  const content = [{ type: 'input_text', text: 'what is two plus two' }];
  await rig.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  expect(rig.news()).toEqual(['session.created', 'conversation.item.added', 'conversation.item.done']);
  await rig.send({ type: 'response.create' });
  expect(rig.session.said).toEqual(['what is two plus two']);
  const words = { turnId: 1, text: 'what is two plus two', stableChars: 20, final: true } as const;
  rig.emit({ type: 'user-text', ...words, source: 'typed' });
  expect(rig.news()).toEqual([]);
});

test('messages before the conversation begins are its history', async () => {
  const rig = new Rig();
  const message = (role: string, text: string) => ({
    type: 'conversation.item.create',
    item: { type: 'message', role, content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }] },
  });
  await rig.send(message('user', 'I am Ada'), message('assistant', 'Hello Ada.'));
  await rig.speak();
  expect(rig.session.options.history).toEqual([{ user: 'I am Ada', heard: 'Hello Ada.' }]);
});

test('a response that nothing was said for is refused', async () => {
  const rig = new Rig();
  await rig.send({ type: 'response.create' });
  expect(rig.errorCodes()).toEqual(['nothing_to_answer']);
});

const weatherTool = { type: 'function', name: 'weather', description: 'The weather.', parameters: { type: 'object' } };

async function untilCall(rig: Rig): Promise<{ output: Promise<string> }> {
  await rig.send({ type: 'session.update', session: { type: 'realtime', tools: [weatherTool] } });
  await rig.speak();
  rig.hears(1, 'how is the weather');
  rig.emit({ type: 'answer-started', answerNumber: 1, turnId: 1 });
  const call = { id: 'call_1', name: 'weather', arguments: '{"in":"Oslo"}' };
  const context = { signal: new AbortController().signal, released: Promise.resolve(), userText: '', tainted: false };
  const output = rig.tools.call(call, context).then(({ text }) => text);
  await settle();
  return { output };
}

test('a tool is called by the client: one response asks for it, the next one answers', async () => {
  const rig = new Rig();
  const { output } = await untilCall(rig);
  expect(rig.tools.offers()).toEqual([
    { name: 'weather', description: 'The weather.', parameters: { type: 'object' } },
  ]);
  const asked = rig.of('response.done')[0]!.response;
  expect(asked.output).toMatchObject([{ type: 'function_call', call_id: 'call_1', arguments: '{"in":"Oslo"}' }]);
  await rig.send({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: 'call_1', output: 'Rain.' },
  });
  expect(await output).toBe('Rain.');
  await rig.begins(1, 'It rains.', { ms: 200 });
  // `begins` has told of the answer anew; nothing of it is said before the client asks.
  expect(rig.of('response.created')).toHaveLength(1);
  expect(rig.sentMs()).toBe(0);
  await rig.send({ type: 'response.create' });
  rig.session.options.loudspeaker.endAnswer(1);
  await rig.clock.advanceAsync(300);
  rig.ends(1, 'It rains.');
  expect(rig.of('response.created')).toHaveLength(2);
  expect(rig.sentMs()).toBe(200);
  rig.expectOrderly();
});

test('a client that gives no result holds the conversation for a minute at most', async () => {
  const rig = new Rig();
  const { output } = await untilCall(rig);
  await rig.clock.advanceAsync(60_000);
  expect(await output).toMatch(/gave no result/);
  rig.emit({ type: 'answer-text', answerNumber: 1, text: 'I do not know.', heardChars: 0 });
  rig.ends(1, 'I do not know.');
  rig.expectOrderly();
});

test('a result that comes after the user has gone on is taken and forgotten; of a call that never was, refused', async () => {
  const rig = new Rig();
  await untilCall(rig);
  rig.emit({ type: 'floor', floor: 'hearing' });
  rig.ends(1, '', 'interrupted');
  const output = (call_id: string) => ({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id, output: 'Rain.' },
  });
  rig.hears(2, 'never mind');
  await rig.begins(2, 'All right.');
  expect(rig.of('response.created')).toHaveLength(2);
  await rig.send(output('call_1'), output('call_7'));
  expect(rig.errorCodes()).toEqual(['invalid_value']);
});

test('truncate stops what is being said at what the client has played', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'tell me a story');
  await rig.begins(1, 'Once upon a time.', { ms: 5000 });
  await rig.clock.advanceAsync(1000);
  const { item_id } = rig.of('response.output_audio.delta')[0]!;
  await rig.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 700 });
  expect(rig.session.stops).toBe(1);
  expect(await rig.session.options.loudspeaker.stopAnswer(1)).toBe(700 * 24);
  expect(rig.of('conversation.item.truncated')[0]).toMatchObject({ item_id, audio_end_ms: 700 });
});

test('truncate beyond what was sent is an error and stops nothing, also after the answer', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'tell me a story');
  await rig.begins(1, 'Once.', { ms: 500 });
  await rig.clock.advanceAsync(100);
  const { item_id } = rig.of('response.output_audio.delta')[0]!;
  const truncate = { type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 600 };
  await rig.send(truncate);
  rig.session.options.loudspeaker.endAnswer(1);
  await rig.clock.advanceAsync(1000);
  rig.ends(1, 'Once.');
  await rig.send(truncate, { ...truncate, item_id: 'nobody' }, { ...truncate, audio_end_ms: 500 });
  expect(rig.errorCodes()).toEqual(['invalid_value', 'invalid_value', 'item_not_found']);
  expect(rig.of('conversation.item.truncated')).toHaveLength(1);
  expect(rig.session.stops).toBe(0);
});

test('cancel stops the response; with none it is an error', async () => {
  const rig = new Rig();
  await rig.speak();
  await rig.send({ type: 'response.cancel' });
  expect(rig.errorCodes()).toEqual(['response_cancel_not_active']);
  rig.hears(1, 'tell me a story');
  await rig.begins(1, 'Once upon a time.');
  await rig.send({ type: 'response.cancel' });
  expect(rig.session.stops).toBe(1);
  rig.ends(1, 'Once upon a time.', 'interrupted');
  expect(rig.of('response.done')[0]!.response.status).toBe('cancelled');
  rig.expectOrderly();
});

test('a second response is refused while one is active, and two answers never make two', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'one');
  await rig.begins(1, 'First.');
  await rig.send({ type: 'response.create' });
  expect(rig.errorCodes()).toEqual(['conversation_already_has_active_response']);
  await rig.begins(2, 'Second.');
  rig.ends(2, 'Second.');
  rig.ends(1, 'First.', 'interrupted');
  rig.expectOrderly();
});

test('what is no JSON, no event, or an event nobody knows is refused, and the conversation goes on', async () => {
  const rig = new Rig();
  rig.connection.receive('{"type":');
  await rig.send({ type: 'response.sing', event_id: 'e1' }, { type: 'conversation.item.truncate' });
  rig.connection.receive('[]');
  rig.connection.receive('null');
  expect(rig.errorCodes()).toEqual(['invalid_json', ...Array<string>(4).fill('invalid_event')]);
  expect(rig.of('error')[1]!.error.event_id).toBe('e1');
  await rig.speak();
  expect(rig.session.pushed.length).toBeGreaterThan(0);
});

test('a format that is not spoken here is refused', async () => {
  const rig = new Rig();
  const update = (session: object) => ({ type: 'session.update', session: { type: 'realtime', ...session } });
  await rig.send(
    update({ audio: { input: { format: { type: 'audio/pcmu' } } } }),
    update({ output_modalities: ['text'] }),
    update({ audio: { input: { format: { type: 'audio/pcm', rate: 24_000 } } } }),
  );
  expect(rig.errorCodes()).toEqual(['invalid_value', 'invalid_value']);
  expect(rig.of('session.updated')).toHaveLength(1);
});

test('a turn that the user takes up again becomes one new item, and its answer is cancelled', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'set a timer');
  rig.emit({ type: 'answer-started', answerNumber: 1, turnId: 1 });
  const first = rig.of('input_audio_buffer.committed')[0]!.item_id;
  rig.emit({ type: 'floor', floor: 'hearing' }, { type: 'answer-withdrawn', answerNumber: 1 });
  rig.hears(1, 'set a timer for ten minutes');
  expect(rig.of('conversation.item.deleted').map(({ item_id }) => item_id)).toEqual([first]);
  expect(rig.of('response.done')[0]!.response.status).toBe('cancelled');
  const said = rig.of('conversation.item.input_audio_transcription.completed').map(({ transcript }) => transcript);
  expect(said).toEqual(['set a timer', 'set a timer for ten minutes']);
  rig.expectOrderly();
});

test('a sound during an answer is speech only when it has ended the answer', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'tell me a story');
  await rig.begins(1, 'Once upon a time.');
  rig.news();
  rig.emit({ type: 'floor', floor: 'hearing' }, { type: 'floor', floor: 'speaking' });
  expect(rig.news()).toEqual([]);
  rig.emit({ type: 'floor', floor: 'hearing' });
  rig.ends(1, 'Once upon a time.', 'interrupted');
  expect(rig.news()[0]).toBe('input_audio_buffer.speech_started');
});

test('what has words but leaves the floor to the answer is never told', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'tell me a story');
  await rig.begins(1, 'Once upon a time.', { ms: 3000 });
  rig.news();
  const nod = { type: 'user-text', turnId: 2, text: 'Mm-hm.', stableChars: 0, source: 'voice', final: false } as const;
  rig.emit({ type: 'floor', floor: 'hearing' }, nod, { type: 'floor', floor: 'speaking' });
  rig.emit({ type: 'user-dropped', turnId: 2 } as VoiceEvent);
  expect(rig.news()).toEqual([]);
  const words = { ...nod, turnId: 3, text: 'Stop.' };
  rig.emit({ type: 'floor', floor: 'hearing' }, words);
  rig.ends(1, 'Once upon a time.', 'interrupted');
  expect(rig.news()[0]).toBe('input_audio_buffer.speech_started');
});

test('a noise that was announced as speech is taken back', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.news();
  rig.emit({ type: 'floor', floor: 'hearing' }, { type: 'floor', floor: 'listening' });
  expect(rig.news()).toEqual([
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'conversation.item.deleted',
  ]);
});

test('an item can be asked for again until it is deleted', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'hello');
  const { item_id } = rig.of('input_audio_buffer.committed')[0]!;
  const retrieve = { type: 'conversation.item.retrieve', item_id };
  await rig.send(retrieve, { type: 'conversation.item.delete', item_id }, retrieve);
  expect(rig.of('conversation.item.retrieved')).toMatchObject([{ item: { content: [{ transcript: 'hello' }] } }]);
  expect(rig.errorCodes()).toEqual(['item_not_found']);
});

test('a hold is a pause in sending, and goes on from the same sample', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'tell me a story');
  await rig.begins(1, 'Once upon a time.', { ms: 3000 });
  await rig.clock.advanceAsync(500);
  rig.session.options.loudspeaker.setHeld(true);
  const before = rig.sentMs();
  await rig.clock.advanceAsync(2000);
  expect(rig.sentMs()).toBe(before);
  rig.session.options.loudspeaker.setHeld(false);
  rig.session.options.loudspeaker.endAnswer(1);
  await rig.clock.advanceAsync(4000);
  expect(rig.sentMs()).toBe(3000);
});

test('audio goes out at the pace of speech, a little ahead', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'tell me a story');
  await rig.begins(1, 'Once upon a time.', { ms: 3000 });
  expect(rig.sentMs()).toBe(400);
  await rig.clock.advanceAsync(1000);
  expect(rig.sentMs()).toBeGreaterThanOrEqual(1400);
  expect(rig.sentMs()).toBeLessThanOrEqual(1500);
});

test('an answer that fails says so in its response', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'hello');
  rig.emit({ type: 'answer-started', answerNumber: 1, turnId: 1 });
  rig.ends(1, '', 'failed');
  expect(rig.of('response.done')[0]!.response).toMatchObject({
    status: 'failed',
    status_details: { error: { code: 'engine-failed' } },
  });
  expect(rig.failure).toBe(null);
});

test('a session that fails ends the connection with its reason', async () => {
  const rig = new Rig();
  await rig.speak();
  const error = new ParleyError({ code: 'endpoint-unreachable', stage: 'think' }).serialise();
  rig.emit({ type: 'session-failed', error });
  expect(rig.errorCodes()).toEqual(['endpoint-unreachable']);
  expect(rig.failure?.code).toBe('endpoint-unreachable');
});

test('a session that cannot be opened ends the connection with its reason', async () => {
  const rig = new Rig();
  rig.architecture.opening = Promise.reject(new ParleyError({ code: 'model-missing', stage: 'listen' }));
  await rig.speak();
  expect(rig.failure?.code).toBe('model-missing');
});

test('a client that leaves in mid-answer leaves nothing behind', async () => {
  const rig = new Rig();
  await rig.speak();
  rig.hears(1, 'hello');
  await rig.begins(1, 'Hello there.', { ms: 5000 });
  await rig.connection.close();
  expect(rig.session.isClosed).toBe(true);
  expect(rig.clock.pendingCount).toBe(0);
  const told = rig.told.length;
  rig.ends(1, 'Hello there.', 'interrupted');
  expect(rig.told).toHaveLength(told);
});

test('a client that leaves while the session is being opened leaves none open', async () => {
  const rig = new Rig();
  let open = () => {};
  rig.architecture.opening = new Promise((resolve) => (open = resolve));
  await rig.speak();
  const closed = rig.connection.close();
  open();
  await closed;
  expect(rig.session.isClosed).toBe(true);
});
