import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { ParleyError } from '../../main/contract/errors.ts';
import type { Clock } from '../../main/ports/clock.ts';
import type {
  ConnectOptions,
  RemoteConnection,
  RemoteEvent,
  RemoteProvider,
} from '../../main/speech-to-speech/remote-voice.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { ScriptedVendor } from '../fakes/scripted-vendor.ts';

export interface VendorUnderTest {
  /** Also the folder of its transcripts in test/fixtures/s2s. */
  name: string;
  provider(parts: {
    baseUrl: string;
    clock: Clock;
    apiKey(): Promise<string | undefined>;
    hasKey(): boolean;
  }): RemoteProvider;
  /** Scenes that its protocol does not know, and why. */
  without?: Partial<Record<Scene, string>>;
}

type Scene =
  | 'talk'
  | 'tool'
  | 'tool-cancelled'
  | 'push-to-talk'
  | 'interrupt'
  | 'cancel'
  | 'lost'
  | 'go-away'
  | 'malformed'
  | 'half-sample'
  | 'stall'
  | 'mute-at-connect'
  | 'wrong-key'
  | 'rate-limited'
  | 'limited-in-session';

const KEY = 'canary-key-4711';
const WEATHER = {
  name: 'weather',
  description: 'The weather of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const HISTORY = [{ user: 'I am Ada.', heard: 'Hello Ada.' }];

/** What every provider does, whatever its protocol: golden transcripts of sessions, played by a stand-in for the vendor. */
export function remoteProviderContract(vendor: VendorUnderTest): void {
  describe(`${vendor.name} as a remote provider`, () => {
    const stages: Stage[] = [];
    afterEach(async () => {
      for (const stage of stages.splice(0)) await stage.strike();
    });

    async function stageFor(scene?: Scene): Promise<Stage> {
      const stage = await Stage.set(vendor, scene);
      stages.push(stage);
      return stage;
    }

    function scene(name: Scene, promise: string, run: (stage: Stage) => Promise<void>): void {
      const why = vendor.without?.[name];
      if (why !== undefined) {
        // The runner prints no names of skipped tests where it runs more than one file.
        console.log(`skipped: ${name} is not for ${vendor.name}: ${why}`);
        return test.skip(`${promise} – not with ${vendor.name}: ${why}`, () => {});
      }
      test(promise, async () => {
        const stage = await stageFor(name);
        await run(stage);
        await stage.server.played;
        stage.expectNoKey();
      });
    }

    scene(
      'talk',
      'configures the session with what was said before, and tells words and sound of both sides',
      async (stage) => {
        await stage.connect({ history: HISTORY, tools: [WEATHER] });
        stage.speak(200);
        await stage.until('answer-done');
        expect(stage.words()).toEqual(['What is the time?']);
        expect(stage.answers()).toEqual([{ text: 'It is noon.', audioMs: 200, status: 'complete' }]);
        const order = stage.events.map(({ type }) => type);
        expect(order.indexOf('user-text')).toBeLessThan(order.indexOf('answer-started'));
      },
    );

    scene('tool', 'hands on a call and gives its result back', async (stage) => {
      await stage.connect({ tools: [WEATHER] });
      stage.speak(200);
      const { callId, name, arguments: args } = await stage.until('tool-call');
      expect([name, JSON.parse(args)]).toEqual(['weather', { city: 'Oslo' }]);
      stage.connection.sendToolResult({ callId, name, output: 'Rain.', failed: false });
      await stage.until('answer-done');
      expect(stage.answers()).toEqual([{ text: 'It rains.', audioMs: 100, status: 'complete' }]);
    });

    scene(
      'tool-cancelled',
      'says which calls are not wanted any more, and does not send their results',
      async (stage) => {
        await stage.connect({ tools: [WEATHER] });
        stage.speak(200);
        const { callId, name } = await stage.until('tool-call');
        expect((await stage.until('tools-cancelled')).callIds).toEqual([callId]);
        // The transcript would see it before the mark that it waits for.
        stage.connection.sendToolResult({ callId, name, output: 'Rain.', failed: false });
        stage.connection.sendText('Never mind.');
        await stage.until('answer-done');
      },
    );

    scene('push-to-talk', 'lets us say when a turn begins and ends, and tells nothing of it itself', async (stage) => {
      await stage.connect({ turnTaking: 'local' });
      stage.connection.beginTurn();
      stage.speak(200);
      stage.connection.endTurn();
      // What a protocol needs to notice the end (silence) is sent while nobody sends anything.
      stage.clock.advance(100);
      await stage.until('answer-done');
      expect(stage.words()).toEqual(['What is the time?']);
      expect(stage.answers()).toEqual([{ text: 'It is noon.', audioMs: 200, status: 'complete' }]);
      expect([...stage.of('speech-started'), ...stage.of('speech-stopped')]).toEqual([]);
    });

    scene(
      'interrupt',
      'ends an answer that the user speaks into; what comes late of it is not the next one',
      async (stage) => {
        await stage.connect();
        stage.speak(200);
        await stage.until('answer-done', ({ status }) => status === 'complete');
        const [first, second, ...more] = stage.answers();
        expect(first).toEqual({ text: 'It is', audioMs: 200, status: 'cancelled' });
        expect(second).toEqual({ text: 'Yes?', audioMs: 100, status: 'complete' });
        expect(more).toEqual([]);
        expect(stage.words()).toContain('Stop.');
      },
    );

    scene('cancel', 'lets the rest of an answer go by that is not wanted, and hears the next one', async (stage) => {
      await stage.connect();
      stage.speak(200);
      const { answerId } = await stage.until('answer-audio');
      stage.connection.cancelAnswer({ answerId, heardMs: 50, heardText: 'It', isOver: false });
      stage.server.mark('cancelled');
      await stage.until('answer-done', (done) => done.answerId !== answerId);
      const answers = stage.answers();
      expect(answers.map(({ audioMs }) => audioMs)).toEqual([100, 100]);
      expect(answers[1]).toEqual({ text: 'Yes?', audioMs: 100, status: 'complete' });
    });

    scene(
      'lost',
      'costs one answer when the connection breaks, and goes on with what was said and heard',
      async (stage) => {
        await stage.connect({ history: HISTORY });
        stage.speak(200);
        const { answerId } = await stage.until('answer-done', ({ status }) => status === 'failed');
        stage.connection.cancelAnswer({ answerId, heardMs: 50, heardText: 'It', isOver: false });
        stage.clock.advance(250);
        await stage.until('answer-done', ({ status }) => status === 'complete');
        expect(stage.of('problem')).toHaveLength(1);
        expect(stage.of('closed')).toEqual([]);
      },
    );

    scene('go-away', 'moves to another connection before the provider hangs up, and nothing is lost', async (stage) => {
      await stage.connect();
      stage.speak(200);
      await stage.until('answer-done');
      stage.connection.sendText('Are you there?');
      await stage.until('answer-done', (_, count) => count === 2);
      expect(stage.answers().map(({ status }) => status)).toEqual(['complete', 'complete']);
      expect([...stage.of('problem'), ...stage.of('closed')]).toEqual([]);
    });

    scene('malformed', 'reports what it does not understand, and goes on', async (stage) => {
      await stage.connect();
      stage.speak(200);
      await stage.until('answer-done');
      expect(stage.of('problem').map(({ error }) => error.code)).toContain('engine-failed');
      expect(stage.answers()).toEqual([{ text: 'It is noon.', audioMs: 200, status: 'complete' }]);
    });

    scene('half-sample', 'puts samples together that were cut in two', async (stage) => {
      await stage.connect();
      stage.speak(200);
      await stage.until('answer-done');
      const samples = stage.of('answer-audio').flatMap(({ pcm }) => [...pcm]);
      expect(samples).toHaveLength(2400);
      expect(samples.every((sample) => Math.abs(sample - 0.25) < 0.001)).toBe(true);
    });

    scene('stall', 'tries once more when nothing at all comes for 10 s, and then ends', async (stage) => {
      await stage.connect();
      stage.connection.sendText('Hello?');
      stage.clock.advance(10_000);
      expect(stage.of('problem').map(({ error }) => error.code)).toEqual(['call-timeout']);
      stage.clock.advance(250);
      stage.connection.sendText('Hello?');
      await stage.server.played;
      stage.clock.advance(10_000);
      expect((await stage.until('closed')).error.code).toBe('call-timeout');
      expect(stage.events.at(-1)?.type).toBe('closed');
    });

    scene('mute-at-connect', 'does not wait for ever for a session that is never configured', async (stage) => {
      const refused = expect(stage.connect()).rejects.toMatchObject({ code: 'call-timeout' });
      await stage.server.played;
      stage.clock.advance(10_000);
      await refused;
    });

    scene('wrong-key', 'says that the key is refused, without the key', async (stage) => {
      const error: unknown = await stage.connect().catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'endpoint-refused', retryable: false });
      expect(JSON.stringify((error as ParleyError).serialise())).not.toContain(KEY);
    });

    scene('rate-limited', 'says that the provider wants fewer connections', async (stage) => {
      await expect(stage.connect()).rejects.toMatchObject({ code: 'endpoint-rate-limited', retryable: true });
    });

    scene('limited-in-session', 'reports a limit in mid-session and goes on', async (stage) => {
      await stage.connect();
      stage.speak(200);
      expect((await stage.until('problem')).error.code).toBe('endpoint-rate-limited');
      stage.clock.advance(250);
      stage.connection.sendText('And now?');
      await stage.until('answer-done');
      expect(stage.of('closed')).toEqual([]);
    });

    test('talks on when the clock goes backwards', async () => {
      const stage = await stageFor('talk');
      await stage.connect({ history: HISTORY, tools: [WEATHER] });
      stage.clock.sleep(-3_600_000);
      stage.speak(200);
      await stage.until('answer-done');
      expect(stage.answers()).toEqual([{ text: 'It is noon.', audioMs: 200, status: 'complete' }]);
    });

    test('says that nobody is there when nobody is', async () => {
      const stage = await stageFor();
      const { baseUrl } = stage.server;
      await stage.strike();
      await expect(stage.connect({}, baseUrl)).rejects.toMatchObject({ code: 'endpoint-unreachable' });
      expect(stage.clock.pendingCount).toBe(0);
    });

    test('gives up connecting when it is aborted', async () => {
      const stage = await stageFor();
      const abort = new AbortController();
      const connecting = stage.connect({ signal: abort.signal });
      abort.abort();
      await expect(connecting).rejects.toMatchObject({ code: 'cancelled' });
      expect(stage.clock.pendingCount).toBe(0);
    });

    test('is silent after it was closed, and leaves no timer', async () => {
      const stage = await stageFor('talk');
      await stage.connect({ history: HISTORY, tools: [WEATHER] });
      await stage.connection.close();
      stage.speak(200);
      stage.connection.sendText('Is anybody there?');
      stage.clock.advance(60_000);
      expect(stage.clock.pendingCount).toBe(0);
      expect(stage.events.filter(({ type }) => type !== 'usage')).toEqual([]);
    });

    test('needs a key, and says where one goes', async () => {
      const parts = { baseUrl: 'http://127.0.0.1:1', clock: new FakeClock() };
      const without = vendor.provider({ ...parts, apiKey: () => Promise.resolve(undefined), hasKey: () => false });
      expect(without.unavailable).toMatch(/set [A-Z_]+_API_KEY, or add a key in Settings › Providers/);
      const options = { instructions: '', history: [], tools: [], turnTaking: 'provider', onEvent: () => {} } as const;
      await expect(without.connect(options)).rejects.toMatchObject({ code: 'endpoint-refused' });
      expect(
        vendor.provider({ ...parts, apiKey: () => Promise.resolve(KEY), hasKey: () => true }).unavailable,
      ).toBeNull();
    });
  });
}

type Of<T extends RemoteEvent['type']> = Extract<RemoteEvent, { type: T }>;

/** A vendor that plays a transcript, a provider that talks to it, and everything that is told. */
class Stage {
  readonly clock: FakeClock;
  readonly events: RemoteEvent[] = [];
  readonly server: ScriptedVendor;
  readonly #vendor: VendorUnderTest;
  connection!: RemoteConnection;
  #look: () => void = () => {};
  #isStruck = false;

  static async set(vendor: VendorUnderTest, scene?: Scene): Promise<Stage> {
    const clock = new FakeClock(1_000_000);
    return new Stage(vendor, clock, await ScriptedVendor.start(clock), scene);
  }

  private constructor(vendor: VendorUnderTest, clock: FakeClock, server: ScriptedVendor, scene: Scene | undefined) {
    this.#vendor = vendor;
    this.clock = clock;
    this.server = server;
    if (scene === undefined) return;
    const path = new URL(`../fixtures/s2s/${vendor.name}/${scene}.jsonl`, import.meta.url);
    if (!existsSync(path))
      throw new Error(`${vendor.name} has no transcript of ${scene}, and no reason in \`without\``);
    server.play(path);
  }

  async connect(options: Partial<ConnectOptions> = {}, baseUrl = this.server.baseUrl): Promise<void> {
    const apiKey = (): Promise<string> => Promise.resolve(KEY);
    const provider = this.#vendor.provider({ baseUrl, clock: this.clock, apiKey, hasKey: () => true });
    this.connection = await provider.connect({
      instructions: 'Be short.',
      history: [],
      tools: [],
      turnTaking: 'provider',
      onEvent: (event) => {
        this.events.push(event);
        this.#look();
      },
      ...options,
    });
  }

  /** As the session sends it: frames of 10 ms. */
  speak(ms: number): void {
    const frame = new Float32Array(this.connection.inputRateHz / 100).fill(0.1);
    for (let atMs = 0; atMs < ms; atMs += 10) this.connection.sendAudio(frame);
  }

  /** The first event of this type that fits, past or to come. A transcript that cannot be played fails it. */
  async until<T extends RemoteEvent['type']>(
    type: T,
    fits: (event: Of<T>, count: number) => boolean = () => true,
  ): Promise<Of<T>> {
    const failed = this.server.played.then(() => new Promise<never>(() => {}));
    failed.catch(() => {});
    for (;;) {
      const found = this.of(type).find((event, index) => fits(event, index + 1));
      if (found) return found;
      await Promise.race([new Promise<void>((resolve) => (this.#look = resolve)), failed]);
    }
  }

  of<T extends RemoteEvent['type']>(type: T): Of<T>[] {
    return this.events.filter((event): event is Of<T> => event.type === type);
  }

  /** What the user said, item by item. */
  words(): string[] {
    const byItem = new Map(this.of('user-text').map(({ itemId, text }) => [itemId, text]));
    return [...byItem.values()];
  }

  answers(): { text: string; audioMs: number; status: string | undefined }[] {
    return this.of('answer-started').map(({ answerId }) => {
      const mine = <E extends { answerId: string }>(events: E[]): E[] =>
        events.filter((each) => each.answerId === answerId);
      const text = mine(this.of('answer-text')).map((each) => each.text);
      const audio = mine(this.of('answer-audio')).map(({ pcm, sampleRateHz }) => (pcm.length * 1000) / sampleRateHz);
      return {
        text: text.join(''),
        audioMs: Math.round(audio.reduce((sum, ms) => sum + ms, 0)),
        status: mine(this.of('answer-done'))[0]?.status,
      };
    });
  }

  expectNoKey(): void {
    expect(JSON.stringify([this.events, this.server.urls])).not.toContain(KEY);
  }

  async strike(): Promise<void> {
    if (this.#isStruck) return;
    this.#isStruck = true;
    await this.connection?.close();
    await this.server.stop();
  }
}
