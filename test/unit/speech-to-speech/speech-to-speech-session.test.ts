import { expect, test } from 'vitest';
import { ParleyError } from '../../../main/contract/errors.ts';
import type { Listener } from '../../../main/ports/listener.ts';
import type { ToolBox } from '../../../main/ports/tool.ts';
import type { VoiceEvent } from '../../../main/ports/voice-architecture.ts';
import { SpeechToSpeechSession } from '../../../main/speech-to-speech/speech-to-speech-session.ts';
import { deafListener } from '../../fakes/deaf-listener.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeRemoteProvider } from '../../fakes/fake-remote-provider.ts';
import { FakeTts } from '../../fakes/fake-tts.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const RATE_HZ = 24_000;
const gone = new ParleyError({ code: 'endpoint-unreachable', stage: 'think' }).serialise();

/** A loudspeaker that plays when the test says so. */
class ScriptedLoudspeaker {
  queued = new Map<number, number>();
  played = new Map<number, number>();
  stopped: number[] = [];
  complete = new Set<number>();

  play(answerNumber: number, pcm: Float32Array): Promise<void> {
    this.queued.set(answerNumber, (this.queued.get(answerNumber) ?? 0) + pcm.length);
    return Promise.resolve();
  }

  endAnswer(answerNumber: number): void {
    this.complete.add(answerNumber);
  }

  stopAnswer(answerNumber: number): Promise<number> {
    this.stopped.push(answerNumber);
    return Promise.resolve(this.played.get(answerNumber) ?? 0);
  }

  setHeld(): void {}
}

async function open(options: { tools?: ToolBox; history?: { user: string; heard: string }[]; ears?: Listener } = {}) {
  const provider = new FakeRemoteProvider();
  const clock = new FakeClock();
  const loudspeaker = new ScriptedLoudspeaker();
  const events: VoiceEvent[] = [];
  const session = await SpeechToSpeechSession.open(
    {
      provider,
      clock,
      logger: new RecordingLogger(),
      openResampler: () => Promise.resolve({ process: (pcm) => pcm, close() {} }),
      tools: options.tools ?? null,
      ears: () => options.ears ?? null,
      instructions: 'Be short.',
      tts: new FakeTts(),
    },
    {
      loudspeaker,
      history: options.history ?? [],
      inputMode: 'hands-free',
      onEvent: (event) => events.push(event),
    },
  );
  const play = (answerNumber: number, ms: number): void => {
    const playedSamples = Math.min((ms * RATE_HZ) / 1000, loudspeaker.queued.get(answerNumber) ?? 0);
    loudspeaker.played.set(answerNumber, playedSamples);
    const ended = loudspeaker.complete.has(answerNumber) && playedSamples === loudspeaker.queued.get(answerNumber);
    session.playback({ answerNumber, playedSamples, ended });
  };
  const of = <T extends VoiceEvent['type']>(type: T) =>
    events.filter((event): event is Extract<VoiceEvent, { type: T }> => event.type === type);
  return { provider, clock, loudspeaker, events, session, play, of };
}

function audio(ms: number): Float32Array {
  return new Float32Array((ms * RATE_HZ) / 1000).fill(0.1);
}

/** What waits for nothing from outside has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function askAndAnswer(provider: FakeRemoteProvider, answerId = 'a1'): void {
  provider.says(
    { type: 'speech-started', itemId: `${answerId}-item` },
    { type: 'speech-stopped' },
    { type: 'user-text', itemId: `${answerId}-item`, text: 'what is up', final: true },
    { type: 'answer-started', answerId },
    { type: 'answer-text', answerId, text: 'Not much, and with you?' },
    { type: 'answer-audio', answerId, pcm: audio(2000), sampleRateHz: RATE_HZ },
  );
}

test('a turn is heard, answered and kept', async () => {
  const { provider, session, play, of } = await open();
  askAndAnswer(provider);
  provider.says({ type: 'answer-done', answerId: 'a1', status: 'complete' });
  play(1, 500);
  play(1, 2000);
  expect(of('answer-ended')).toMatchObject([{ outcome: 'done', heardChars: 'Not much, and with you?'.length }]);
  expect(session.history).toEqual([{ user: 'what is up', heard: 'Not much, and with you?' }]);
  expect(of('floor').map(({ floor }) => floor)).toEqual(['hearing', 'thinking', 'speaking', 'listening']);
});

test('an answer that is cut off is silenced at once, and the provider learns what was heard of it', async () => {
  const { provider, loudspeaker, session, play, of } = await open();
  askAndAnswer(provider);
  play(1, 600);
  provider.says({ type: 'speech-started' });
  expect(loudspeaker.stopped).toEqual([1]);
  await settled();
  expect(provider.told).toEqual(['cancel a1 at 600']);
  expect(of('answer-ended')).toMatchObject([{ outcome: 'interrupted' }]);
  expect('Not much, and with you?'.startsWith(session.history[0]!.heard)).toBe(true);
  expect(session.history[0]!.heard.length).toBeLessThan(12);
});

test('an answer of which nothing was heard leaves no trace', async () => {
  const { provider, session, of } = await open();
  askAndAnswer(provider);
  provider.says({ type: 'speech-started' });
  await settled();
  expect(provider.told).toEqual(['cancel a1 at 0']);
  expect(of('answer-withdrawn')).toHaveLength(1);
  expect(session.history).toEqual([{ user: 'what is up', heard: '' }]);
});

test('audio and words that come after the cancelling are dropped', async () => {
  const { provider, loudspeaker, play, of } = await open();
  askAndAnswer(provider);
  play(1, 600);
  provider.says({ type: 'speech-started' });
  await settled();
  provider.says(
    { type: 'answer-audio', answerId: 'a1', pcm: audio(500), sampleRateHz: RATE_HZ },
    { type: 'answer-text', answerId: 'a1', text: ' late' },
    { type: 'answer-done', answerId: 'a1', status: 'cancelled' },
  );
  expect(loudspeaker.queued.get(1)).toBe((2000 * RATE_HZ) / 1000);
  expect(of('answer-started')).toHaveLength(1);
});

test('an answer that the provider itself has cancelled is cut at what was heard', async () => {
  const { provider, loudspeaker, play } = await open();
  askAndAnswer(provider);
  play(1, 400);
  provider.says({ type: 'answer-done', answerId: 'a1', status: 'cancelled' });
  await settled();
  expect(loudspeaker.stopped).toEqual([1]);
  expect(provider.told).toEqual(['cancel a1 at 400']);
});

test('an answer whose sending is over can still be cut off', async () => {
  const { provider, play } = await open();
  askAndAnswer(provider);
  provider.says({ type: 'answer-done', answerId: 'a1', status: 'complete' });
  play(1, 1000);
  provider.says({ type: 'speech-started' });
  await settled();
  expect(provider.told).toEqual(['cancel a1 at 1000 (over)']);
});

test('words of the user that come after the answer find their line', async () => {
  const { provider, of } = await open();
  provider.says(
    { type: 'speech-started', itemId: 'i1' },
    { type: 'speech-stopped' },
    { type: 'answer-started', answerId: 'a1' },
    { type: 'user-text', itemId: 'i1', text: 'hello', final: true },
  );
  expect(of('user-text').map(({ turnId, text, final }) => ({ turnId, text, final }))).toEqual([
    { turnId: 1, text: '…', final: false },
    { turnId: 1, text: 'hello', final: true },
  ]);
});

test('a protocol without turns fits: words and sound come at any time', async () => {
  const { provider, session, play, of } = await open();
  provider.says(
    { type: 'answer-audio', answerId: 'stream', pcm: audio(300), sampleRateHz: RATE_HZ },
    { type: 'user-text', itemId: 'u', text: 'mm', final: false },
    { type: 'answer-text', answerId: 'stream', text: 'Hi.' },
    { type: 'user-text', itemId: 'u', text: 'mm-hm', final: true },
    { type: 'answer-done', answerId: 'stream', status: 'complete' },
  );
  play(1, 300);
  expect(of('answer-ended')).toMatchObject([{ outcome: 'done' }]);
  expect(session.history).toEqual([{ user: 'mm-hm', heard: 'Hi.' }]);
});

test('push-to-talk takes turns here: nothing is sent before the key is held', async () => {
  const { provider, session } = await open();
  session.setInputMode('push-to-talk');
  const frame = { startSample: 0, samples: new Float32Array(160) };
  session.push([frame]);
  expect(provider.sentSamples).toBe(0);
  session.pushToTalk(true);
  session.push([frame]);
  session.pushToTalk(false);
  expect(provider.sentSamples).toBe(160);
  expect(provider.told).toEqual(['turns local', 'begin', 'end']);
});

test('muted, the provider gets silence in place of the microphone', async () => {
  const { provider, session } = await open();
  session.setMuted(true);
  session.push([{ startSample: 0, samples: new Float32Array(160).fill(0.5) }]);
  expect(provider.sentSamples).toBe(160);
});

test('a typed turn cuts the answer off and is answered', async () => {
  const { provider, session, play } = await open();
  askAndAnswer(provider);
  play(1, 500);
  session.say('shorter, please');
  await settled();
  expect(provider.told).toEqual(['text shorter, please', 'cancel a1 at 500']);
});

test('tools go through the gate, and what is no longer wanted is not told', async () => {
  const released: string[] = [];
  const tools: ToolBox = {
    offers: () => [{ name: 'weather', description: '', parameters: {} }],
    call: async ({ id, arguments: args }, { signal }) => {
      if (id === 'slow') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error())));
      released.push(id);
      return { text: `sunny ${args}`, failed: false, outside: true };
    },
  };
  const { provider } = await open({ tools });
  expect(provider.options!.tools.map(({ name }) => name)).toEqual(['weather']);
  provider.says(
    { type: 'tool-call', callId: 'c1', name: 'weather', arguments: '{}' },
    { type: 'tool-call', callId: 'slow', name: 'weather', arguments: '{}' },
    { type: 'tools-cancelled', callIds: ['slow'] },
  );
  await settled();
  expect(provider.told).toEqual(['result c1 sunny {}']);
  expect(released).toEqual(['c1']);
});

test('a connection that is lost in mid-answer costs that answer, and is said last', async () => {
  const { provider, session, play, events } = await open({ history: [{ user: 'a', heard: 'b' }] });
  askAndAnswer(provider);
  play(1, 600);
  provider.says({ type: 'closed', error: gone });
  await settled();
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['answer-ended', 'session-failed']);
  expect(session.history).toHaveLength(2);
  provider.says({ type: 'answer-started', answerId: 'ghost' });
  expect(events.at(-1)).toMatchObject({ type: 'session-failed' });
});

test('closing silences the answer and keeps what was heard', async () => {
  const { provider, session, play } = await open();
  askAndAnswer(provider);
  play(1, 1000);
  await session.close();
  expect(session.history[0]!.heard).not.toBe('');
  expect(provider.told).toEqual(['close']);
});

test('a notice waits for the floor and is said in our own voice', async () => {
  const { provider, loudspeaker, session, play, of } = await open();
  askAndAnswer(provider);
  session.announce({
    async *respond() {
      yield { type: 'text', text: 'Ring' };
      yield {
        type: 'clause',
        clause: { text: 'Ring', startChar: 0, endChar: 4 },
        audio: { pcm: audio(100), sampleRateHz: RATE_HZ },
      };
    },
  });
  await settled();
  expect(loudspeaker.queued.has(2)).toBe(false);
  provider.says({ type: 'answer-done', answerId: 'a1', status: 'complete' });
  play(1, 2000);
  await settled();
  expect(loudspeaker.queued.get(2)).toBe((100 * RATE_HZ) / 1000);
  play(2, 100);
  await settled();
  expect(of('answer-ended').map(({ answeredBy }) => answeredBy)).toEqual(['model', 'notice']);
});

test('what was heard of an answer is read here too, up to where it was heard, and shown with it', async () => {
  const readMs: number[] = [];
  const ears: Listener = {
    ...deafListener,
    transcribe: (pcm) => {
      readMs.push((pcm.length * 1000) / RATE_HZ);
      return Promise.resolve('about the weather');
    },
  };
  const { provider, session, play, of } = await open({ ears });
  askAndAnswer(provider);
  play(1, 700);
  session.stop();
  await settled();
  await settled();
  expect(readMs).toEqual([700]);
  expect(of('answer-recognised')).toEqual([{ type: 'answer-recognised', answerNumber: 1, text: 'about the weather' }]);
});

test('a turn that the provider loses is a failed answer in time, whatever else it says; the floor is free then', async () => {
  const { provider, clock, session, of } = await open();
  provider.says(
    { type: 'speech-started', itemId: 'i1' },
    { type: 'speech-stopped' },
    { type: 'user-text', itemId: 'i1', text: 'what is up', final: true },
  );
  await clock.advanceAsync(19_000);
  provider.says({ type: 'usage', usage: { inputAudioTokens: 10 } });
  expect(of('answer-started')).toEqual([]);
  await clock.advanceAsync(1000);
  expect(of('answer-ended')).toMatchObject([
    { answerNumber: 1, turnId: 1, outcome: 'failed', text: '', heardChars: 0, error: { code: 'call-timeout' } },
  ]);
  expect(of('floor').map(({ floor }) => floor)).toEqual(['hearing', 'thinking', 'listening']);
  expect(session.history).toEqual([{ user: 'what is up', heard: '' }]);
  // Nothing that the provider knows is to be cancelled, and there is nothing more to wait for.
  expect(provider.told).toEqual([]);
  expect(clock.pendingCount).toBe(0);
});

test('an answer that begins in time, a turn that was none and one that the user goes on with cost nothing', async () => {
  const { provider, clock, play, of } = await open();
  askAndAnswer(provider);
  provider.says({ type: 'answer-done', answerId: 'a1', status: 'complete' });
  await clock.advanceAsync(20_000);
  play(1, 2000);
  provider.says(
    { type: 'speech-started', itemId: 'i2' },
    { type: 'speech-stopped' },
    { type: 'user-text', itemId: 'i2', text: '', final: true },
  );
  await clock.advanceAsync(20_000);
  provider.says({ type: 'speech-started' }, { type: 'speech-stopped' }, { type: 'speech-started' });
  await clock.advanceAsync(20_000);
  expect(of('answer-ended').map(({ outcome }) => outcome)).toEqual(['done']);
});

test('a typed turn and one by push-to-talk are not waited for without end either', async () => {
  const { clock, session, of } = await open();
  session.say('hello');
  await clock.advanceAsync(20_000);
  session.setInputMode('push-to-talk');
  session.pushToTalk(true);
  session.pushToTalk(false);
  await clock.advanceAsync(20_000);
  expect(of('answer-ended').map(({ turnId, outcome }) => [turnId, outcome])).toEqual([
    [1, 'failed'],
    [2, 'failed'],
  ]);
});

test('an answer that begins later than that is another one of the same turn', async () => {
  const { provider, clock, session, play, of } = await open();
  session.say('hello');
  await clock.advanceAsync(20_000);
  provider.says(
    { type: 'answer-started', answerId: 'a1' },
    { type: 'answer-text', answerId: 'a1', text: 'Sorry.' },
    { type: 'answer-audio', answerId: 'a1', pcm: audio(300), sampleRateHz: RATE_HZ },
    { type: 'answer-done', answerId: 'a1', status: 'complete' },
  );
  play(2, 300);
  expect(of('answer-ended').map(({ turnId, outcome }) => [turnId, outcome])).toEqual([
    [1, 'failed'],
    [1, 'done'],
  ]);
  expect(session.history).toEqual([{ user: 'hello', heard: 'Sorry.' }]);
});

test('while the provider waits for a tool of ours it need not answer; from its result on it has to', async () => {
  const results = new Map<string, () => void>();
  const tools: ToolBox = {
    offers: () => [],
    call: ({ id }) =>
      new Promise((resolve) => results.set(id, () => resolve({ text: 'sunny', failed: false, outside: false }))),
  };
  const { provider, clock, session, of } = await open({ tools });
  session.say('what is the weather');
  provider.says({ type: 'tool-call', callId: 'c1', name: 'weather', arguments: '{}' });
  provider.says({ type: 'tool-call', callId: 'c2', name: 'weather', arguments: '{}' });
  await clock.advanceAsync(60_000);
  results.get('c1')!();
  await clock.advanceAsync(60_000);
  results.get('c2')!();
  await clock.advanceAsync(19_900);
  expect(provider.told).toEqual(['text what is the weather', 'result c1 sunny', 'result c2 sunny']);
  expect(of('answer-ended')).toEqual([]);
  await clock.advanceAsync(200);
  expect(of('answer-ended')).toMatchObject([{ outcome: 'failed', error: { code: 'call-timeout' } }]);
});

test('a turn that is lost with its line fails at once, and the floor is free', async () => {
  const { provider, clock, session, of } = await open();
  session.say('hello');
  provider.says({ type: 'turn-lost', error: gone });
  await settled();
  provider.says({ type: 'speech-started' }, { type: 'turn-lost', error: gone });
  await settled();
  expect(of('answer-ended').map(({ turnId, error }) => [turnId, error?.code])).toEqual([
    [1, 'endpoint-unreachable'],
    [2, 'endpoint-unreachable'],
  ]);
  expect(of('floor').at(-1)).toEqual({ type: 'floor', floor: 'listening' });
  expect(clock.pendingCount).toBe(0);
});

test('a key that is held while a line is lost goes on with the turn on the next one', async () => {
  const { provider, session, of } = await open();
  session.setInputMode('push-to-talk');
  session.pushToTalk(true);
  provider.says({ type: 'turn-lost', error: gone });
  await settled();
  expect(of('answer-ended')).toEqual([]);
  expect(of('floor').at(-1)).toEqual({ type: 'floor', floor: 'hearing' });
});

test('a session that is closed while it waits leaves no timer', async () => {
  const { clock, session } = await open();
  session.say('hello');
  await session.close();
  expect(clock.pendingCount).toBe(0);
});
