import { beforeEach, describe, expect, it } from 'vitest';
import type { AppEvent, AppMessage } from '../../../main/contract/messages.ts';
import { SendBuffer, type FrameSink } from '../../../main/transport/send-buffer.ts';
import { FakeApp } from '../../fakes/fake-app.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

/** A socket that takes what it is given and lets go of it only when told. */
class StuckSink implements FrameSink {
  written: (string | Uint8Array)[] = [];
  bufferedBytes = 0;
  #flushes: (() => void)[] = [];

  write(data: string | Uint8Array, flushed: () => void): void {
    this.written.push(data);
    this.bufferedBytes += data.length;
    this.#flushes.push(() => {
      this.bufferedBytes -= data.length;
      flushed();
    });
  }

  drain(): void {
    while (this.#flushes.length > 0) this.#flushes.shift()!();
  }
}

const app = new FakeApp();
const event = (e: AppEvent): AppMessage => ({ type: 'event', event: e });
const line = (id: string, text: string) => event({ type: 'line', line: app.line(id, text) });
const levels = (inputDbfs: number) => event({ type: 'levels', inputDbfs, outputDbfs: -100, speechProbability: 0 });
const stateWith = (muted: boolean) => event({ type: 'state', state: { ...app.state(), muted } });
const snapshot = () => event({ type: 'snapshot', state: app.state(), lines: [] });
const reply = (id: number): AppMessage => ({ type: 'reply', id, error: null });

let sink: StuckSink;
let clock: FakeClock;
let gaveUp: number;
let buffer: SendBuffer;

beforeEach(() => {
  sink = new StuckSink();
  clock = new FakeClock();
  gaveUp = 0;
  buffer = new SendBuffer({
    sink,
    clock,
    onTooSlow: () => gaveUp++,
    limits: { highWaterBytes: 1, slowAfterMs: 1000, maxWaiting: 50 },
  });
});

/** Fills the socket, so that everything after it has to wait. */
function stall(): void {
  buffer.sendMessage(reply(0));
}

/** What came out after the reply that stalled the socket, in short. */
function sent(): string[] {
  sink.drain();
  return sink.written.slice(1).map((data) => {
    if (data instanceof Uint8Array) return `audio ${data[0]}`;
    const message = JSON.parse(data) as AppMessage;
    if (message.type === 'reply') return `reply ${message.id}`;
    const e = message.event;
    if (e.type === 'line') return `line ${e.line.id} ${e.line.text}`;
    if (e.type === 'levels') return `levels ${e.inputDbfs}`;
    return e.type === 'state' ? `state ${e.state.muted}` : e.type;
  });
}

describe('SendBuffer', () => {
  it('writes through while the socket keeps up', () => {
    buffer.sendMessage(reply(1));
    expect(sink.written).toHaveLength(1);
    sink.drain();
    buffer.sendMessage(reply(2));
    expect(sink.written).toHaveLength(2);
    expect(buffer.depth).toBe(0);
    expect(clock.pendingCount).toBe(0);
  });

  it('keeps only the latest state and levels for a slow socket', () => {
    stall();
    for (let i = 0; i < 40; i++) {
      buffer.sendMessage(levels(-i));
      buffer.sendMessage(stateWith(i % 2 === 1));
    }
    expect(buffer.depth).toBe(2);
    expect(buffer.coalesced).toBe(78);
    expect(sent()).toEqual(['levels -39', 'state true']);
  });

  it('loses no line, and keeps the latest version of each in the place where it first appeared', () => {
    stall();
    buffer.sendMessage(line('a', '1'));
    buffer.sendMessage(line('b', '1'));
    buffer.sendMessage(line('a', '2'));
    expect(sent()).toEqual(['line a 2', 'line b 1']);
  });

  it('does not move a line to before the removal of one with its id', () => {
    stall();
    buffer.sendMessage(line('a', 'old'));
    buffer.sendMessage(event({ type: 'lines-removed', ids: ['a'] }));
    buffer.sendMessage(line('a', 'new'));
    expect(sent()).toEqual(['lines-removed', 'line a new']);
  });

  it('leaves out what a snapshot repeats, and nothing else', () => {
    stall();
    buffer.sendMessage(line('a', '1'));
    buffer.sendMessage(stateWith(true));
    buffer.sendMessage(reply(7));
    buffer.sendAudio(new Uint8Array([2]).buffer);
    buffer.sendMessage(snapshot());
    buffer.sendMessage(stateWith(false));
    expect(sent()).toEqual(['reply 7', 'audio 2', 'snapshot', 'state false']);
  });

  it('keeps replies and audio in order', () => {
    stall();
    buffer.sendAudio(new Uint8Array([1]).buffer);
    buffer.sendMessage(reply(1));
    buffer.sendAudio(new Uint8Array([2]).buffer);
    buffer.sendMessage(reply(2));
    expect(sent()).toEqual(['audio 1', 'reply 1', 'audio 2', 'reply 2']);
  });

  it('gives a socket up that stays slow, once', () => {
    stall();
    buffer.sendMessage(levels(-1));
    clock.advance(999);
    expect(gaveUp).toBe(0);
    clock.advance(1);
    expect(gaveUp).toBe(1);
    buffer.sendMessage(reply(2));
    clock.advance(10_000);
    expect(gaveUp).toBe(1);
    expect(sent()).toEqual([]);
  });

  it('forgives a socket that catches up in time', () => {
    stall();
    buffer.sendMessage(levels(-1));
    clock.advance(900);
    sink.drain();
    stall();
    buffer.sendMessage(levels(-2));
    clock.advance(900);
    expect(gaveUp).toBe(0);
  });

  it('gives a socket up for which too much is waiting', () => {
    stall();
    for (let id = 1; id <= 51; id++) buffer.sendMessage(reply(id));
    expect(gaveUp).toBe(1);
    expect(buffer.depth).toBe(0);
  });

  it('leaves no timer behind when closed', () => {
    stall();
    buffer.sendMessage(levels(-1));
    buffer.close();
    expect(clock.pendingCount).toBe(0);
    expect(sent()).toEqual([]);
  });
});
