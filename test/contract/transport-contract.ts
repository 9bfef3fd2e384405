import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AudioFrameKind, encodeAudioFrame, type AudioFrame } from '../../main/contract/audio-frame.ts';
import { ParleyError } from '../../main/contract/errors.ts';
import { CONTRACT_VERSION, type AppMessage } from '../../main/contract/messages.ts';
import type { AppEndpoint } from '../../main/transport/app-endpoint.ts';
import { FakeApp } from '../fakes/fake-app.ts';

/** A client on the far end of a transport. */
export interface TransportClient {
  send(message: unknown): void;
  /** Something that is no message at all: not JSON on a text wire, nothing on one that carries values. */
  sendGarbage(): void;
  sendAudio?(frame: Uint8Array): void;
  onMessage(listener: (message: AppMessage) => void): void;
  onAudio?(listener: (frame: Uint8Array) => void): void;
  /** Goes away without a word, as a closed window does. */
  close(): void;
}

export interface TransportUnderTest {
  connect(): Promise<TransportClient>;
  close(): Promise<void>;
}

/** Collects what a client receives and lets a test wait for it. */
class Inbox {
  readonly messages: AppMessage[] = [];
  #waiting: { matches: (message: AppMessage) => boolean; resolve: (message: AppMessage) => void }[] = [];

  constructor(client: TransportClient) {
    client.onMessage((message) => {
      this.messages.push(message);
      for (const waiting of this.#waiting.filter(({ matches }) => matches(message))) waiting.resolve(message);
    });
  }

  #next(matches: (message: AppMessage) => boolean): Promise<AppMessage> {
    const there = this.messages.find(matches);
    if (there) return Promise.resolve(there);
    return new Promise((resolve) => this.#waiting.push({ matches, resolve }));
  }

  async reply(id: number): Promise<Extract<AppMessage, { type: 'reply' }>> {
    return (await this.#next((message) => message.type === 'reply' && message.id === id)) as never;
  }

  async event(type: string, count = 1): Promise<void> {
    const seen = (): number => this.messages.filter((m) => m.type === 'event' && m.event.type === type).length;
    await this.#next(() => seen() >= count);
  }
}

const HELLO = { type: 'hello', contractVersion: CONTRACT_VERSION };
const microphoneFrame = (startSample: number): AudioFrame => ({
  kind: AudioFrameKind.microphone,
  answerNumber: 0,
  sampleRateHz: 16_000,
  startSample,
  samples: new Float32Array(160).fill(0.5),
});

/** What every transport does, whatever the wire. */
export function describeTransport(name: string, open: (endpoint: AppEndpoint) => Promise<TransportUnderTest>): void {
  describe(`transport: ${name}`, () => {
    let app: FakeApp;
    let transport: TransportUnderTest;
    let client: TransportClient;
    let inbox: Inbox;

    beforeEach(async () => {
      app = new FakeApp();
      transport = await open(app);
      client = await transport.connect();
      inbox = new Inbox(client);
    });
    afterEach(() => transport.close());

    async function greet(): Promise<void> {
      client.send({ id: 0, command: HELLO });
      await inbox.event('snapshot');
    }

    it('answers hello, then sends the snapshot', async () => {
      await greet();
      expect(inbox.messages.map((message) => message.type)).toEqual(['reply', 'event']);
      expect(inbox.messages[0]).toEqual({ type: 'reply', id: 0, error: null });
    });

    it('refuses another version of the contract, and accepts the right one afterwards', async () => {
      client.send({ id: 0, command: { type: 'hello', contractVersion: CONTRACT_VERSION + 1 } });
      expect((await inbox.reply(0)).error).toMatchObject({ code: 'contract-mismatch', stage: 'transport' });
      expect(app.sessions).toHaveLength(0);
      client.send({ id: 1, command: HELLO });
      expect((await inbox.reply(1)).error).toBeNull();
    });

    it('lets nothing through to the app before hello', async () => {
      client.send({ id: 3, command: { type: 'stop' } });
      expect((await inbox.reply(3)).error).toMatchObject({ code: 'contract-mismatch' });
      expect(app.sessions).toHaveLength(0);
    });

    it('hands commands to the app in order and replies once to each', async () => {
      await greet();
      for (let id = 1; id <= 20; id++) client.send({ id, command: { type: 'say', text: `n${id}` } });
      await inbox.reply(20);
      expect(app.commands.map((command) => 'text' in command && command.text)).toEqual(
        Array.from({ length: 20 }, (_, i) => `n${i + 1}`),
      );
      expect(inbox.messages.filter((message) => message.type === 'reply')).toHaveLength(21);
    });

    it('does not let a slow command hold up the next one', async () => {
      await greet();
      app.hold('refresh-devices');
      client.send({ id: 1, command: { type: 'refresh-devices' } });
      client.send({ id: 2, command: { type: 'stop' } });
      await inbox.reply(2);
      expect(inbox.messages).not.toContainEqual(expect.objectContaining({ id: 1 }));
      app.release('refresh-devices');
      expect((await inbox.reply(1)).error).toBeNull();
    });

    it('carries an error of the app with its code, stage and detail', async () => {
      await greet();
      app.failNext(new ParleyError({ code: 'unknown-device', stage: 'audio', detail: 'USB', retryable: true }));
      client.send({ id: 1, command: { type: 'choose-device', kind: 'input', deviceId: 'x' } });
      const { error } = await inbox.reply(1);
      expect(error).toEqual({
        code: 'unknown-device',
        stage: 'audio',
        detail: 'USB',
        retryable: true,
        message: 'unknown-device',
      });
    });

    it('reports a fault in the app as internal rather than leaving the command without a reply', async () => {
      await greet();
      app.failNext(new TypeError('x is not a function'));
      client.send({ id: 1, command: { type: 'stop' } });
      expect((await inbox.reply(1)).error).toMatchObject({ code: 'internal', stage: 'app' });
    });

    it.each([
      ['an unknown command', { id: 7, command: { type: 'format-disk' } }, 7],
      ['a wrong field', { id: 8, command: { type: 'say', text: 5 } }, 8],
      ['a text that is too long', { id: 9, command: { type: 'say', text: 'x'.repeat(4001) } }, 9],
      ['no id', { command: { type: 'stop' } }, -1],
      ['an array', [1, 2], -1],
    ])('answers %s with bad-command and goes on', async (_, message, id) => {
      await greet();
      client.send(message);
      expect((await inbox.reply(id)).error).toMatchObject({ code: 'bad-command', stage: 'transport' });
      client.send({ id: 50, command: { type: 'stop' } });
      expect((await inbox.reply(50)).error).toBeNull();
      expect(app.commands).toEqual([{ type: 'stop' }]);
    });

    it('answers what is no message at all with bad-command and goes on', async () => {
      await greet();
      client.sendGarbage();
      expect((await inbox.reply(-1)).error).toMatchObject({ code: 'bad-command' });
      client.send({ id: 1, command: { type: 'stop' } });
      expect((await inbox.reply(1)).error).toBeNull();
    });

    it('does not repeat in the error what a wrong message said', async () => {
      await greet();
      client.send({ id: 1, command: { type: 'say', text: ['my secret'] } });
      expect(JSON.stringify(await inbox.reply(1))).not.toContain('my secret');
    });

    it('sends events of the app in order', async () => {
      await greet();
      app.sessions[0]!.connection.send({ type: 'line', line: app.line('a', 'one') });
      app.sessions[0]!.connection.send({ type: 'lines-removed', ids: ['a'] });
      app.sessions[0]!.connection.send({ type: 'browser-end', answerNumber: 1 });
      await inbox.event('browser-end');
      const types = inbox.messages.flatMap((message) => (message.type === 'event' ? [message.event.type] : []));
      expect(types).toEqual(['snapshot', 'line', 'lines-removed', 'browser-end']);
    });

    it('gives a client that says hello again a new connection, and closes the old one first', async () => {
      await greet();
      client.send({ id: 1, command: HELLO });
      await inbox.event('snapshot', 2);
      expect(app.sessions.map(({ closed }) => closed)).toEqual([1, 0]);
      app.sessions[0]!.connection.send({ type: 'browser-end', answerNumber: 9 });
      app.sessions[1]!.connection.send({ type: 'browser-end', answerNumber: 2 });
      await inbox.event('browser-end');
      const ends = inbox.messages.filter((message) => message.type === 'event' && message.event.type === 'browser-end');
      expect(ends).toEqual([{ type: 'event', event: { type: 'browser-end', answerNumber: 2 } }]);
    });

    it('tells the app once that a client has gone, and sending to it then does nothing', async () => {
      await greet();
      const gone = app.whenClosed(0);
      client.close();
      await gone;
      expect(app.sessions[0]!.closed).toBe(1);
      expect(() => app.sessions[0]!.connection.send({ type: 'browser-end', answerNumber: 1 })).not.toThrow();
      expect(() => app.sessions[0]!.connection.sendAudio(new ArrayBuffer(12))).not.toThrow();
    });

    it('survives a client that goes while a command is being carried out', async () => {
      await greet();
      app.hold('stop');
      client.send({ id: 1, command: { type: 'stop' } });
      await app.whenCommands(1);
      const gone = app.whenClosed(0);
      client.close();
      await gone;
      app.release('stop');
      expect(app.sessions[0]!.closed).toBe(1);
    });

    it('says whether it carries audio', async () => {
      await greet();
      expect(app.sessions[0]!.connection.carriesAudio).toBe(client.sendAudio !== undefined);
    });

    it('carries microphone frames, and drops bad ones without a word', async ({ skip }) => {
      if (!client.sendAudio) return skip('this transport carries no audio');
      client.sendAudio(new Uint8Array(encodeAudioFrame(microphoneFrame(1))));
      await greet();
      client.sendAudio(new Uint8Array([9, 9, 9]));
      client.sendAudio(new Uint8Array(encodeAudioFrame({ ...microphoneFrame(2), kind: AudioFrameKind.loudspeaker })));
      client.sendAudio(new Uint8Array(encodeAudioFrame(microphoneFrame(3))));
      client.send({ id: 1, command: { type: 'stop' } });
      await inbox.reply(1);
      expect(app.sessions[0]!.frames.map(({ startSample }) => startSample)).toEqual([3]);
      expect(app.sessions[0]!.frames[0]!.samples[0]).toBeCloseTo(0.5, 3);
    });

    it('carries loudspeaker frames in order with the events', async ({ skip }) => {
      if (!client.onAudio) return skip('this transport carries no audio');
      const received: (string | number)[] = [];
      client.onAudio((frame) => received.push(new DataView(frame.buffer, frame.byteOffset).getUint32(8, true)));
      client.onMessage((message) => message.type === 'event' && received.push(message.event.type));
      await greet();
      const { connection } = app.sessions[0]!;
      const frame = { ...microphoneFrame(0), kind: AudioFrameKind.loudspeaker, answerNumber: 1 };
      connection.sendAudio(encodeAudioFrame({ ...frame, startSample: 160 }));
      connection.sendAudio(encodeAudioFrame({ ...frame, startSample: 320 }));
      connection.send({ type: 'browser-end', answerNumber: 1 });
      await inbox.event('browser-end');
      expect(received).toEqual(['snapshot', 160, 320, 'browser-end']);
    });
  });
}
