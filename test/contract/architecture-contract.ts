import { afterEach, describe, expect, test } from 'vitest';
import type { ParleyError } from '../../main/contract/errors.ts';
import type { PastExchange } from '../../main/ports/responder.ts';
import type { ToolBox } from '../../main/ports/tool.ts';
import type { VoiceArchitecture, VoiceEvent, VoiceSession } from '../../main/ports/voice-architecture.ts';
import { PacedOutput } from '../../main/speech-to-speech/server/paced-output.ts';
import { FakeArchitecture } from '../fakes/fake-architecture.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { ScriptedModel, WEATHER_TOOL } from '../fakes/scripted-model.ts';

export interface ArchitectureUnderTest {
  name: string;
  /** One whose model is this; a word takes it about 300 ms to say. */
  create(parts: { clock: FakeClock; model: ScriptedModel; tools: ToolBox }): Promise<{
    architecture: VoiceArchitecture;
    /** What it depends on is gone for good. */
    breakDown(): void | Promise<void>;
    close(): Promise<void>;
  }>;
}

const STEP_MS = 40;

type Created = Awaited<ReturnType<ArchitectureUnderTest['create']>>;

/** What every architecture does, however it comes to its answers. */
export function architectureContract(under: ArchitectureUnderTest): void {
  describe(`${under.name} as an architecture`, () => {
    const stages: Stage[] = [];
    afterEach(async () => {
      for (const stage of stages.splice(0)) await stage.strike();
    });

    async function set(): Promise<Stage> {
      const stage = await Stage.set(under);
      stages.push(stage);
      return stage;
    }

    test('talks: a turn is answered, heard to its end, and kept', async () => {
      const stage = await set();
      const talk = await stage.open();
      talk.session.say('hello');
      const ended = await talk.until('answer-ended');
      expect(ended).toMatchObject({ outcome: 'done', error: null });
      expect(ended.text).toMatch(/^You said hello/);
      expect(ended.heardChars).toBe(ended.text.length);
      expect(talk.session.history).toEqual([{ user: 'hello', heard: ended.text }]);
    });

    test('answers a second turn knowing the first', async () => {
      const stage = await set();
      const talk = await stage.open();
      talk.session.say('one');
      const { text } = await talk.until('answer-ended');
      talk.session.say('two');
      await talk.until('answer-ended', 2);
      expect(stage.model.requests[1]!.history).toMatchObject([{ user: 'one', heard: text }]);
    });

    test('uses a tool, and answers with its result', async () => {
      const stage = await set();
      const talk = await stage.open();
      talk.session.say('what is the weather');
      await talk.heard(/rainy today/);
      expect(stage.calls).toEqual(['{"city":"Oslo"}']);
    });

    test('is interrupted: the answer ends where it was heard, and the next one comes', async () => {
      const stage = await set();
      const talk = await stage.open();
      talk.session.say('one');
      await talk.heardSome();
      talk.session.say('two');
      const cut = await talk.until('answer-ended');
      expect(cut.outcome).toBe('interrupted');
      expect(cut.heardChars).toBeGreaterThan(0);
      expect(cut.heardChars).toBeLessThan(cut.text.length);
      const next = await talk.until('answer-ended', 2);
      expect(next.outcome).toBe('done');
      expect(next.text).toMatch(/^You said two/);
    });

    test('is truncated: the model knows no more of an answer than was heard', async () => {
      const stage = await set();
      const talk = await stage.open();
      talk.session.say('one');
      await talk.heardSome();
      talk.session.stop();
      const cut = await talk.until('answer-ended');
      await stage.pass(200);
      talk.session.say('two');
      await talk.until('answer-ended', 2);
      const [first] = stage.model.requests[1]!.history;
      const known = first!.heard.length;
      expect(cut.text.startsWith(first!.heard)).toBe(true);
      // Two loudspeakers count, here and there: they may differ by a word or two.
      expect(Math.abs(known - cut.heardChars)).toBeLessThanOrEqual(12);
      expect(talk.session.history[0]).toEqual({ user: 'one', heard: cut.text.slice(0, cut.heardChars) });
    });

    test('is switched away from: what it was saying ends, and what was heard is there to be carried over', async () => {
      const stage = await set();
      const talk = await stage.open();
      talk.session.say('one');
      await talk.heardSome();
      await talk.session.close();
      const cut = talk.of('answer-ended')[0]!;
      expect(cut.outcome).toBe('interrupted');
      expect(talk.session.history).toEqual([{ user: 'one', heard: cut.text.slice(0, cut.heardChars) }]);
      const told = talk.events.length;
      await stage.pass(1000);
      expect(talk.events).toHaveLength(told);
    });

    test('is switched back to: it knows what was said elsewhere meanwhile', async () => {
      const stage = await set();
      const first = await stage.open();
      first.session.say('one');
      await first.until('answer-ended');
      await first.session.close();
      const elsewhere = await new FakeArchitecture('elsewhere').open({
        loudspeaker: first.output,
        history: first.session.history,
        inputMode: 'hands-free',
        onEvent() {},
      });
      const history = [...elsewhere.history, { user: 'who are you', heard: 'Somebody else.' }];
      const second = await stage.open(history);
      second.session.say('two');
      await second.until('answer-ended');
      expect(stage.model.requests[1]!.history).toMatchObject(history);
    });

    test('fails: it says so once, and no answer stays open', async () => {
      const stage = await set();
      const talk = await stage.open();
      talk.session.say('one');
      await talk.heardSome();
      await stage.breakDown();
      if (talk.of('session-failed').length === 0) talk.session.say('two');
      const failure = await talk.failed();
      expect(failure.code).toMatch(/^(endpoint-unreachable|engine-failed)$/);
      expect(talk.of('session-failed').length).toBeLessThanOrEqual(1);
      const ended = [...talk.of('answer-ended'), ...talk.of('answer-withdrawn')].map((end) => end.answerNumber);
      expect(ended.sort()).toEqual(talk.of('answer-started').map(({ answerNumber }) => answerNumber));
    });
  });
}

class Stage {
  readonly clock = new FakeClock(1000);
  readonly model = new ScriptedModel();
  /** Arguments of the tool's calls. */
  readonly calls: string[] = [];
  readonly #talks: Talk[] = [];
  #created!: Created;

  static async set(under: ArchitectureUnderTest): Promise<Stage> {
    const stage = new Stage();
    const { clock, model } = stage;
    const tools: ToolBox = {
      offers: () => [WEATHER_TOOL],
      call: (call) => {
        stage.calls.push(call.arguments);
        return Promise.resolve({ text: 'rainy', failed: false, outside: false });
      },
    };
    stage.#created = await under.create({ clock, model, tools });
    return stage;
  }

  async open(history: readonly PastExchange[] = []): Promise<Talk> {
    const talk = await Talk.open(this, this.#created.architecture, history);
    this.#talks.push(talk);
    return talk;
  }

  async breakDown(): Promise<void> {
    await this.#created.breakDown();
  }

  /** Virtual time goes on, and what is under way between sockets of this machine arrives. */
  async pass(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += STEP_MS) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await this.clock.advanceAsync(STEP_MS);
    }
  }

  async strike(): Promise<void> {
    for (const { session } of this.#talks) await session.close();
    await this.#created.close();
  }
}

type Of<T extends VoiceEvent['type']> = Extract<VoiceEvent, { type: T }>;
const PATIENCE_MS = 60_000;

class Talk {
  readonly events: VoiceEvent[] = [];
  readonly output: PacedOutput;
  readonly #stage: Stage;
  session!: VoiceSession;

  static async open(stage: Stage, architecture: VoiceArchitecture, history: readonly PastExchange[]): Promise<Talk> {
    const talk = new Talk(stage);
    talk.session = await architecture.open({
      loudspeaker: talk.output,
      history,
      inputMode: 'hands-free',
      onEvent: (event) => void talk.events.push(event),
    });
    return talk;
  }

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.output = new PacedOutput({
      clock: stage.clock,
      openResampler: () => Promise.reject(new Error('every voice here is at 24 kHz')),
      send() {},
      onPlayback: (progress) => this.session.playback(progress),
    });
  }

  of<T extends VoiceEvent['type']>(type: T): Of<T>[] {
    return this.events.filter((event): event is Of<T> => event.type === type);
  }

  async until<T extends VoiceEvent['type']>(type: T, count = 1): Promise<Of<T>> {
    await this.#wait(() => this.of(type).length >= count, type);
    return this.of(type)[count - 1]!;
  }

  /** An answer that fits has been heard to its end. */
  async heard(words: RegExp): Promise<void> {
    const isHeard = (): boolean =>
      this.of('answer-ended').some(({ text, heardChars }) => words.test(text.slice(0, heardChars)));
    await this.#wait(isHeard, String(words));
  }

  async heardSome(): Promise<void> {
    await this.#wait(() => this.of('answer-text').some(({ heardChars }) => heardChars > 10), 'something heard');
  }

  async failed(): Promise<Pick<ParleyError, 'code'>> {
    const errors = (): (Pick<ParleyError, 'code'> | null)[] => [
      ...this.of('session-failed').map(({ error }) => error),
      ...this.of('answer-ended').map(({ error }) => error),
    ];
    await this.#wait(() => errors().some((error) => error !== null), 'a failure');
    return errors().find((error) => error !== null)!;
  }

  async #wait(condition: () => boolean, what: string): Promise<void> {
    const untilMs = this.#stage.clock.nowMs() + PATIENCE_MS;
    while (!condition()) {
      if (this.#stage.clock.nowMs() > untilMs) {
        throw new Error(`never came: ${what}, but ${JSON.stringify(this.events)}`);
      }
      await this.#stage.pass(STEP_MS);
    }
  }
}
