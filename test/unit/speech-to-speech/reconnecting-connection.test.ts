import { expect, test } from 'vitest';
import type { ParleyError } from '../../../main/contract/errors.ts';
import { connectionError } from '../../../main/speech-to-speech/connection/connection-errors.ts';
import type { Dialect, Line, LineOptions } from '../../../main/speech-to-speech/connection/line.ts';
import { ReconnectingConnection } from '../../../main/speech-to-speech/connection/reconnecting-connection.ts';
import type { RemoteEvent, TurnTaking } from '../../../main/speech-to-speech/remote-voice.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';

const broken = connectionError('endpoint-unreachable', { label: 'Fake' });

/** Lines that a test opens, breaks and looks at. */
class FakeDialect implements Dialect {
  readonly label = 'Fake';
  readonly inputRateHz = 16_000;
  readonly needsConstantAudio: boolean;
  readonly opened: LineOptions[] = [];
  readonly told: string[] = [];
  refusal: ParleyError | null = null;

  constructor({ needsConstantAudio = false } = {}) {
    this.needsConstantAudio = needsConstantAudio;
  }

  get line(): LineOptions['listener'] {
    return this.opened.at(-1)!.listener;
  }

  open(options: LineOptions): Promise<Line> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.opened.push(options);
    const tell = (what: string): void => void this.told.push(what);
    return Promise.resolve({
      sendAudio: (pcm16: Buffer) => tell(`audio ${pcm16.length}`),
      sendText: (text: string) => tell(`text ${text}`),
      setTurnTaking: (turnTaking: TurnTaking) => turnTaking === options.turnTaking,
      beginTurn: () => tell('begin'),
      endTurn: () => tell('end'),
      cancelAnswer: () => tell('cancel'),
      sendToolResult: ({ callId }) => tell(`result ${callId}`),
      tell: (exchanges) => tell(`told ${exchanges.map(({ user }) => user).join()}`),
      close: () => tell('close'),
    });
  }
}

async function connect({ dialect = new FakeDialect(), turnTaking = 'provider' as TurnTaking } = {}) {
  const clock = new FakeClock(5000);
  const events: RemoteEvent[] = [];
  const connection = await ReconnectingConnection.open(
    { dialect, clock },
    { instructions: '', history: [], tools: [], turnTaking, onEvent: (event) => events.push(event) },
  );
  const types = (): string[] => events.map(({ type }) => type);
  const breakLine = async (waitMs = 0): Promise<void> => {
    dialect.line.onLost(broken.serialise());
    await clock.advanceAsync(waitMs);
  };
  const speak = (ms: number, amplitude: number): void => {
    for (let atMs = 0; atMs < ms; atMs += 10) {
      connection.sendAudio(new Float32Array(160).fill(amplitude));
      clock.advance(10);
    }
  };
  return { dialect, clock, events, connection, types, breakLine, speak };
}

test('mends three broken lines in five minutes, waiting longer each time, and ends with the fourth', async () => {
  const { dialect, breakLine, types, clock } = await connect();
  await breakLine(249);
  expect(dialect.opened).toHaveLength(1);
  await clock.advanceAsync(1);
  expect(dialect.opened).toHaveLength(2);
  await breakLine(999);
  expect(dialect.opened).toHaveLength(2);
  await clock.advanceAsync(1);
  await breakLine(4000);
  expect(dialect.opened).toHaveLength(4);
  await breakLine(60_000);
  expect(dialect.opened).toHaveLength(4);
  expect(types()).toEqual(['problem', 'problem', 'problem', 'closed']);
  expect(clock.pendingCount).toBe(0);
});

test('lines that broke more than five minutes ago do not count', async () => {
  const { dialect, breakLine, clock, types } = await connect();
  for (let i = 0; i < 3; i++) await breakLine(4000);
  await clock.advanceAsync(300_000);
  await breakLine(250);
  expect(dialect.opened).toHaveLength(5);
  expect(types()).not.toContain('closed');
});

test('a clock that goes backwards gives no more attempts', async () => {
  const { breakLine, clock, types } = await connect();
  for (let i = 0; i < 3; i++) {
    await breakLine(4000);
    clock.sleep(-3_600_000);
  }
  await breakLine();
  expect(types().at(-1)).toBe('closed');
});

test('attempts that fail count, and a refusal ends it at once', async () => {
  const { dialect, breakLine, clock, events } = await connect();
  dialect.refusal = broken;
  await breakLine(250);
  expect(events.map(({ type }) => type)).toEqual(['problem', 'problem']);
  dialect.refusal = connectionError('endpoint-refused', { label: 'Fake' });
  await clock.advanceAsync(1000);
  expect(events.at(-1)).toMatchObject({ type: 'closed', error: { code: 'endpoint-refused' } });
});

test('a lost line fails the answer that was on it and lets go of its calls; what was heard is told to the next', async () => {
  const { dialect, breakLine, events, connection, clock } = await connect();
  dialect.line.onEvent({ type: 'user-text', itemId: 'u1', text: 'And?', final: true });
  dialect.line.onEvent({ type: 'answer-started', answerId: 'a1' });
  dialect.line.onEvent({ type: 'answer-text', answerId: 'a1', text: 'It is noon.' });
  dialect.line.onEvent({ type: 'tool-call', callId: 'c1', name: 'x', arguments: '{}' });
  await breakLine();
  expect(events.slice(-3)).toMatchObject([
    { type: 'tools-cancelled', callIds: ['c1'] },
    { type: 'answer-done', answerId: 'a1', status: 'failed' },
    { type: 'problem' },
  ]);
  connection.cancelAnswer({ answerId: 'a1', heardMs: 300, heardText: 'It is', isOver: false });
  connection.sendToolResult({ callId: 'c1', name: 'x', output: 'late', failed: false });
  await clock.advanceAsync(250);
  expect(dialect.opened[1]!.history).toEqual([{ user: 'And?', heard: 'It is' }]);
  expect(dialect.told).not.toContain('result c1');
});

test('what is typed while a line is remade is said on the next one, once', async () => {
  const { dialect, breakLine, connection, clock } = await connect();
  await breakLine();
  connection.sendText('Hello?');
  await clock.advanceAsync(250);
  expect(dialect.told.filter((what) => what.startsWith('text'))).toEqual(['text Hello?']);
  expect(dialect.opened[1]!.history).toEqual([]);
});

test('what was answered elsewhere is told to the line of now, and to the next one with the rest', async () => {
  const { dialect, connection, breakLine } = await connect();
  connection.tell([{ user: 'what time is it', heard: 'It is four.' }]);
  expect(dialect.told).toEqual(['told what time is it']);
  await breakLine(250);
  expect(dialect.opened[1]!.history).toEqual([{ user: 'what time is it', heard: 'It is four.' }]);
});

test('a planned move waits for a tool, but not for ever', async () => {
  const { dialect, connection, clock, types } = await connect();
  dialect.line.onEvent({ type: 'tool-call', callId: 'c1', name: 'x', arguments: '{}' });
  dialect.line.onLeaveSoon(60_000);
  await clock.advanceAsync(3000);
  expect(dialect.opened).toHaveLength(1);
  connection.sendToolResult({ callId: 'c1', name: 'x', output: 'done', failed: false });
  await settle();
  expect(dialect.opened).toHaveLength(2);
  dialect.line.onEvent({ type: 'tool-call', callId: 'c2', name: 'x', arguments: '{}' });
  dialect.line.onLeaveSoon(5000);
  await clock.advanceAsync(3999);
  expect(dialect.opened).toHaveLength(2);
  await clock.advanceAsync(1);
  expect(dialect.opened).toHaveLength(3);
  expect(types().at(-1)).toBe('tools-cancelled');
  expect(types()).not.toContain('problem');
});

test('turn-taking that a line cannot change moves to another line, where a turn that was begun meanwhile goes on', async () => {
  const { dialect, connection } = await connect();
  dialect.line.onEvent({ type: 'answer-started', answerId: 'a1' });
  connection.setTurnTaking('local');
  expect(dialect.opened).toHaveLength(1);
  connection.beginTurn();
  await settle();
  expect(dialect.opened[1]!.turnTaking).toBe('local');
  expect(dialect.told).toEqual(['close', 'begin']);
});

test('silence that looks healthy: speech, then nothing at all for 10 s, twice', async () => {
  const { dialect, clock, events, speak } = await connect();
  speak(1000, 0.1);
  speak(900, 0);
  await clock.advanceAsync(10_000);
  expect(events.at(-1)).toMatchObject({ type: 'problem', error: { code: 'call-timeout' } });
  await clock.advanceAsync(250);
  expect(dialect.opened).toHaveLength(2);
  speak(1000, 0.1);
  speak(900, 0);
  await clock.advanceAsync(10_000);
  expect(events.at(-1)).toMatchObject({ type: 'closed', error: { code: 'call-timeout' } });
});

test('a knock, a provider that says something, and a tool that we owe are no stall', async () => {
  const { dialect, clock, events, speak } = await connect();
  speak(300, 0.1);
  speak(900, 0);
  await clock.advanceAsync(20_000);
  speak(1000, 0.1);
  speak(900, 0);
  dialect.line.onAlive();
  await clock.advanceAsync(20_000);
  dialect.line.onEvent({ type: 'tool-call', callId: 'c1', name: 'x', arguments: '{}' });
  speak(1000, 0.1);
  speak(900, 0);
  await clock.advanceAsync(20_000);
  expect(events.map(({ type }) => type)).toEqual(['tool-call']);
});

test('what is heard while an answer sounds may be that answer, and expects nothing', async () => {
  const { dialect, clock, events, speak } = await connect();
  dialect.line.onEvent({ type: 'answer-started', answerId: 'a1' });
  const pcm = new Float32Array(24_000 * 3);
  dialect.line.onEvent({ type: 'answer-audio', answerId: 'a1', pcm, sampleRateHz: 24_000 });
  dialect.line.onEvent({ type: 'answer-done', answerId: 'a1', status: 'complete' });
  speak(2500, 0.1);
  speak(2000, 0);
  await clock.advanceAsync(20_000);
  expect(events.filter(({ type }) => type === 'problem')).toEqual([]);
});

test('speech that was answered before it was known to be over is not waited for a second time', async () => {
  const { dialect, speak, types } = await connect();
  speak(500, 0.001);
  speak(1000, 0.2);
  speak(300, 0.001);
  dialect.line.onAlive();
  dialect.line.onEvent({ type: 'answer-started', answerId: 'a' });
  dialect.line.onEvent({ type: 'answer-audio', answerId: 'a', pcm: new Float32Array(48_000), sampleRateHz: 24_000 });
  dialect.line.onEvent({ type: 'answer-done', answerId: 'a', status: 'complete' });
  speak(15_000, 0.001);
  expect(types()).not.toContain('problem');
});

test('where a protocol stands still without sound, silence is sent while nobody sends any', async () => {
  const dialect = new FakeDialect({ needsConstantAudio: true });
  const { clock, connection } = await connect({ dialect, turnTaking: 'local' });
  clock.advance(500);
  const bytes = dialect.told.map((what) => Number(what.split(' ')[1]));
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBe(16_000);
  await connection.close();
  expect(clock.pendingCount).toBe(0);
});

test('a turn that has no answer yet is said to be lost with its line, once; what is answered or was none is not', async () => {
  const { dialect, clock, connection, events, breakLine } = await connect();
  const lost = (): number => events.filter(({ type }) => type === 'turn-lost').length;
  await breakLine(250);
  expect(lost()).toBe(0);
  connection.sendText('Hello?');
  dialect.line.onEvent({ type: 'usage', usage: {} });
  await breakLine(1000);
  expect(events.slice(-2)).toMatchObject([
    { type: 'turn-lost', error: { code: 'endpoint-unreachable' } },
    { type: 'problem' },
  ]);
  await breakLine(4000);
  expect(lost()).toBe(1);
  await clock.advanceAsync(300_000);
  dialect.line.onEvent({ type: 'speech-started' });
  dialect.line.onEvent({ type: 'speech-stopped' });
  dialect.line.onEvent({ type: 'answer-started', answerId: 'a1' });
  await breakLine(250);
  dialect.line.onEvent({ type: 'speech-started' });
  dialect.line.onEvent({ type: 'user-text', itemId: 'u1', text: '', final: true });
  await breakLine(1000);
  expect(lost()).toBe(1);
  dialect.line.onEvent({ type: 'speech-started' });
  await breakLine();
  expect(lost()).toBe(2);
});

test('what waits for the next line is not lost while that one cannot be opened', async () => {
  const { dialect, clock, connection, types, breakLine } = await connect();
  await breakLine();
  connection.sendText('Hello?');
  dialect.refusal = broken;
  await clock.advanceAsync(250);
  dialect.refusal = null;
  await clock.advanceAsync(1000);
  expect(dialect.told).toContain('text Hello?');
  expect(types()).toEqual(['problem', 'problem']);
});
