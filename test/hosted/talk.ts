import { StreamingResampler } from '../../main/audio/streaming-resampler.ts';
import type { Clock } from '../../main/ports/clock.ts';
import type { PastExchange } from '../../main/ports/responder.ts';
import type { VoiceArchitecture, VoiceEvent, VoiceSession } from '../../main/ports/voice-architecture.ts';
import { PacedOutput } from '../../main/speech-to-speech/server/paced-output.ts';
import { TalkingClient } from '../fixtures/talking-client.ts';
import type { SpokenLine } from './voice.ts';

type Of<T extends VoiceEvent['type']> = Extract<VoiceEvent, { type: T }>;

const CAPTURE_RATE_HZ = 16_000;
/** For an answer to come, and to be heard to its end: short ones, as they are asked for. */
const PATIENCE_MS = 45_000;

/** A conversation in real time: a microphone that says recordings, a loudspeaker that counts, and nobody to hear it. */
export class Talk {
  readonly events: VoiceEvent[] = [];
  readonly #clock: Clock;
  readonly #output: PacedOutput;
  readonly #microphone: TalkingClient;
  #session: VoiceSession | null = null;
  #capturedSamples = 0;
  readonly #watchers = new Set<() => void>();

  /** Rejects as opening the architecture does. */
  static async open(
    clock: Clock,
    architecture: VoiceArchitecture,
    history: readonly PastExchange[] = [],
  ): Promise<Talk> {
    const talk = new Talk(clock);
    try {
      talk.#session = await architecture.open({
        loudspeaker: talk.#output,
        history,
        inputMode: 'hands-free',
        onEvent: (event) => {
          talk.events.push(event);
          talk.#changed();
        },
      });
    } catch (cause) {
      await talk.close();
      throw cause;
    }
    return talk;
  }

  private constructor(clock: Clock) {
    this.#clock = clock;
    this.#output = new PacedOutput({
      clock,
      openResampler: (rates) => StreamingResampler.create(rates),
      send() {},
      onPlayback: (progress) => this.#session?.playback(progress),
    });
    this.#microphone = new TalkingClient(
      (samples) => {
        this.#session?.push([{ startSample: this.#capturedSamples, samples }]);
        this.#capturedSamples += samples.length;
      },
      { rateHz: CAPTURE_RATE_HZ },
    );
  }

  get history(): readonly PastExchange[] {
    return this.#session?.history ?? [];
  }

  /** Resolves when its last sample was said. */
  say({ samples, sampleRateHz }: SpokenLine): Promise<void> {
    return this.#microphone.play(samples, sampleRateHz);
  }

  type(text: string): void {
    this.#session!.say(text);
  }

  stop(): void {
    this.#session!.stop();
  }

  of<T extends VoiceEvent['type']>(type: T): Of<T>[] {
    return this.events.filter((event): event is Of<T> => event.type === type);
  }

  /** What `find` finds when something has happened. Throws, in words, when the session fails or it takes too long. */
  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    const late = Promise.withResolvers<never>();
    const cancel = this.#clock.schedule(PATIENCE_MS, () => {
      late.reject(new Error(`${what} did not come within ${PATIENCE_MS / 1000} s; ${this.#lastSaid()}`));
    });
    const found = Promise.withResolvers<T>();
    const look = (): void => {
      const result = find();
      if (result !== undefined) return found.resolve(result);
      const [failure] = this.of('session-failed');
      if (failure) found.reject(new Error(`${what} did not come: the session failed (${failure.error.code})`));
    };
    this.#watchers.add(look);
    look();
    try {
      return await Promise.race([found.promise, late.promise]);
    } finally {
      cancel();
      this.#watchers.delete(look);
    }
  }

  /** The first answer that began after `since` events and was heard to its end with these words. */
  heard(words: RegExp, since: number): Promise<Of<'answer-ended'>> {
    return this.until(`an answer with ${String(words)}`, () => {
      const ends = this.events
        .slice(since)
        .filter((event): event is Of<'answer-ended'> => event.type === 'answer-ended');
      return ends.find(({ outcome, text }) => outcome === 'done' && words.test(text));
    });
  }

  /** An answer is being heard that began after `since` events; its number. */
  heardSome(since: number): Promise<number> {
    return this.until('the beginning of an answer', () => {
      const texts = this.events
        .slice(since)
        .filter((event): event is Of<'answer-text'> => event.type === 'answer-text');
      return texts.find(({ heardChars }) => heardChars > 20)?.answerNumber;
    });
  }

  ended(answerNumber: number): Promise<Of<'answer-ended'>> {
    return this.until('the end of the answer', () =>
      this.of('answer-ended').find((end) => end.answerNumber === answerNumber),
    );
  }

  async pass(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.schedule(ms, resolve);
    await promise;
  }

  async close(): Promise<void> {
    this.#microphone.stop();
    await this.#session?.close();
    this.#output.close();
  }

  /** What one has to know to see why something did not come. */
  #lastSaid(): string {
    const user = this.of('user-text').at(-1);
    const answer = this.of('answer-text').at(-1);
    const end = this.of('answer-ended').at(-1);
    return `heard last: ${JSON.stringify(user?.text ?? '')}, said last: ${JSON.stringify(answer?.text ?? '')} (${end?.outcome ?? 'not ended'})`;
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
