import type { CaptureChainState } from '../../main/contract/capture-chain.ts';
import type { ParleyError } from '../../main/contract/errors.ts';
import type { AnswerSource } from '../../main/contract/state.ts';
import { defaultTurnConfig, type TurnConfig } from '../../main/domain/turn/config.ts';
import { deferred, type Deferred } from '../../main/lib/deferred.ts';
import { abortError, onAbort } from '../../main/lib/abort.ts';
import { TurnTakingSession } from '../../main/pipeline/turn-taking-session.ts';
import type { PlaybackProgress } from '../../main/ports/audio-devices.ts';
import type { CallOptions } from '../../main/ports/call-options.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../../main/ports/listener.ts';
import type { ReplyPiece, ReplyRequest, Responder } from '../../main/ports/responder.ts';
import type { SpeechRequest, Tts } from '../../main/ports/tts.ts';
import type { Loudspeaker, VoiceEvent } from '../../main/ports/voice-architecture.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const WINDOW_SAMPLES = 512;
const WINDOW_MS = 32;
const VOICE_RATE_HZ = 16_000;
/** The scripted voice says this many samples a character: 50 ms. */
const SAMPLES_PER_CHAR = 800;

interface Said {
  fromSample: number;
  toSample: number;
  text: string;
  complete: number | null;
}

/** Ears that hear what the script says: a reading joins what was said between its ends. */
class ScriptedListener implements Listener {
  said: Said[] = [];
  readingDelayMs = 80;
  failReading: ParleyError | null = null;
  utteranceId = 0;
  #utterances = new Map<number, number>();
  #listeners = new Set<(event: ListenerEvent) => void>();
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  emit(event: ListenerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  push(): void {}

  beginUtterance(utteranceId: number, fromSample: number): void {
    this.utteranceId = utteranceId;
    this.#utterances.set(utteranceId, fromSample);
  }

  endUtterance(utteranceId: number): void {
    this.#utterances.delete(utteranceId);
  }

  readUtterance(utteranceId: number, toSample: number): Promise<UtteranceReading> {
    const result = deferred<UtteranceReading>();
    const fromSample = this.#utterances.get(utteranceId) ?? 0;
    this.#clock.schedule(this.readingDelayMs, () => {
      if (this.failReading) return result.reject(this.failReading);
      const heard = this.said.filter((each) => each.toSample > fromSample && each.fromSample < toSample);
      result.resolve({
        text: heard.map(({ text }) => text).join(' '),
        completeProbability: heard.at(-1)?.complete ?? null,
      });
    });
    return result.promise;
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Answers with a fixed text, or as the test says. */
export class ScriptedResponder implements Responder {
  requests: ReplyRequest[] = [];
  anticipated: ReplyRequest[] = [];
  answer: (request: ReplyRequest) => string = () => 'One two three four five six seven eight.';
  /** While set, answers wait for it. */
  hold: Deferred<void> | null = null;
  fail: ParleyError | null = null;
  /** What answers; null: not told. */
  source: AnswerSource | null = null;

  async *respond(request: ReplyRequest, { signal }: CallOptions = {}): AsyncIterable<ReplyPiece> {
    this.requests.push(request);
    if (this.hold) {
      const aborted = deferred<void>();
      const off = onAbort(signal, () => aborted.reject(abortError(signal!, 'think')));
      await Promise.race([this.hold.promise, aborted.promise]).finally(off);
    }
    if (this.fail) throw this.fail;
    const text = this.answer(request);
    if (this.source) yield { type: 'source', source: this.source };
    yield { type: 'text', text };
    if (text !== '') yield { type: 'clause', clause: { text, startChar: 0, endChar: text.length } };
  }

  anticipate(request: ReplyRequest): void {
    this.anticipated.push(request);
  }
}

class ScriptedTts implements Tts {
  readonly sampleRateHz = VOICE_RATE_HZ;
  fail: ParleyError | null = null;

  async *synthesize({ text }: SpeechRequest): AsyncIterable<Float32Array> {
    if (this.fail) throw this.fail;
    yield new Float32Array(text.length * SAMPLES_PER_CHAR);
  }

  async close(): Promise<void> {}
}

/** A loudspeaker on the fake clock: plays in real time, reports every 20 ms, can be held. */
class ScriptedLoudspeaker implements Loudspeaker {
  held = false;
  playing = new Map<number, { queued: number; played: number; closed: boolean }>();
  audibleAtMs: number[] = [];
  /** What it was told to do about what is playing, in order. */
  order: ('hold' | 'release' | 'stop')[] = [];
  onProgress: (progress: PlaybackProgress) => void = () => {};
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.#step();
  }

  async play(answerNumber: number, pcm: Float32Array): Promise<void> {
    const answer = this.playing.get(answerNumber) ?? { queued: 0, played: 0, closed: false };
    answer.queued += pcm.length;
    this.playing.set(answerNumber, answer);
  }

  endAnswer(answerNumber: number): void {
    const answer = this.playing.get(answerNumber);
    if (answer) answer.closed = true;
  }

  async stopAnswer(answerNumber: number): Promise<number> {
    const played = this.playing.get(answerNumber)?.played ?? 0;
    if (this.playing.delete(answerNumber)) this.order.push('stop');
    return played;
  }

  setHeld(held: boolean): void {
    this.held = held;
    this.order.push(held ? 'hold' : 'release');
  }

  get isSounding(): boolean {
    return !this.held && [...this.playing.values()].some(({ queued, played }) => played < queued);
  }

  #step(): void {
    this.#clock.schedule(20, () => {
      this.#step();
      const [first] = this.playing;
      if (this.held || !first) return;
      const [answerNumber, answer] = first;
      if (answer.played === 0 && answer.queued > 0) this.audibleAtMs.push(this.#clock.nowMs());
      answer.played = Math.min(answer.queued, answer.played + VOICE_RATE_HZ / 50);
      const ended = answer.closed && answer.played === answer.queued;
      if (ended) this.playing.delete(answerNumber);
      this.onProgress({ answerNumber, playedSamples: answer.played, ended });
    });
  }
}

/** A conversation in virtual time. */
export class Conversation {
  readonly clock = new FakeClock();
  readonly listener = new ScriptedListener(this.clock);
  readonly responder = new ScriptedResponder();
  readonly tts = new ScriptedTts();
  readonly loudspeaker = new ScriptedLoudspeaker(this.clock);
  readonly events: VoiceEvent[] = [];
  readonly session: TurnTakingSession;
  config: TurnConfig;
  /** How loud what is said arrives. */
  levelDbfs = -25;
  chain: CaptureChainState | null = null;
  /** What the language model says of words: how probable it is that they are a whole sentence. */
  sentenceEnd: (text: string) => Promise<number | null> = () => Promise.resolve(null);
  readonly sentenceEndsAsked: string[] = [];
  /** By how much the time of day is ahead: the monotonic clock stands still in sleep. */
  sleptMs = 0;
  #sample = 0;
  #unheard: ListenerEvent[] = [];

  constructor(config: Partial<TurnConfig> = {}) {
    this.config = { ...defaultTurnConfig, ...config };
    this.session = new TurnTakingSession(
      {
        listener: this.listener,
        responder: this.responder,
        tts: this.tts,
        clock: this.clock,
        logger: new RecordingLogger(),
        config: () => this.config,
        captureChain: () => this.chain,
        sentenceEnd: async (request) => {
          this.sentenceEndsAsked.push(request.userText);
          return this.sentenceEnd(request.userText);
        },
        wallClock: { epochMs: () => this.clock.nowMs() + this.sleptMs, timeZone: () => 'UTC' },
        maxHistoryChars: 4000,
      },
      {
        loudspeaker: this.loudspeaker,
        history: [],
        inputMode: 'hands-free',
        onEvent: (event) => this.events.push(event),
      },
    );
    this.loudspeaker.onProgress = (progress) => this.session.playback(progress);
  }

  /** The user says `text` for `ms`; `complete` is what the sound says of the turn's end. */
  async speak(text: string, { ms = 800, complete = 0.95 as number | null } = {}): Promise<void> {
    const windows = Math.ceil(ms / WINDOW_MS);
    const said: Said = { fromSample: this.#sample, toSample: this.#sample + windows * WINDOW_SAMPLES, text, complete };
    this.listener.said.push(said);
    await this.#hear(windows, 0.95);
  }

  /** The recogniser says what it has understood up to now. */
  async partial(text: string): Promise<void> {
    const { utteranceId } = this.listener;
    this.listener.emit({ type: 'partial', utteranceId, text, stableChars: 0, endSample: this.#sample });
    await this.clock.advanceAsync(0);
  }

  /** Sound is missing for `ms`: the device was away, and counts on as if it had not been. */
  async loseSound(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
    this.#sample += Math.ceil(ms / WINDOW_MS) * WINDOW_SAMPLES;
  }

  /** A sound that the voice detector takes for speech but that holds no words. */
  async makeNoise(ms: number): Promise<void> {
    await this.#hear(Math.ceil(ms / WINDOW_MS), 0.9);
  }

  async silence(ms: number): Promise<void> {
    await this.#hear(Math.ceil(ms / WINDOW_MS), 0.02);
  }

  /** Sound that comes all at once: words of 800 ms and pauses of so many ms. It is heard by `catchUp`. */
  captureAtOnce(...parts: (string | number)[]): void {
    for (const part of parts) {
      const windows = Math.ceil((typeof part === 'number' ? part : 800) / WINDOW_MS);
      const fromSample = this.#sample;
      for (let i = 0; i < windows; i++) this.#unheard.push(this.#capture(typeof part === 'number' ? 0.02 : 0.95));
      if (typeof part === 'number') continue;
      this.listener.said.push({ fromSample, toSample: this.#sample, text: part, complete: 0.95 });
    }
  }

  /** What was captured at once is heard, with `perWindowMs` of work for each window. */
  async catchUp({ perWindowMs = 8 } = {}): Promise<void> {
    for (const window of this.#unheard.splice(0)) {
      await this.clock.advanceAsync(perWindowMs);
      this.listener.emit(window);
      await this.clock.advanceAsync(0);
    }
  }

  async #hear(windows: number, probability: number): Promise<void> {
    for (let i = 0; i < windows; i++) {
      await this.clock.advanceAsync(WINDOW_MS);
      this.listener.emit(this.#capture(probability));
      await this.clock.advanceAsync(0);
    }
  }

  /** One window of the microphone, and what the ears will say of it. */
  #capture(probability: number): ListenerEvent {
    this.session.push([{ startSample: this.#sample, samples: new Float32Array(WINDOW_SAMPLES) }]);
    this.#sample += WINDOW_SAMPLES;
    const levelDbfs = probability > 0.5 ? this.levelDbfs : -70;
    return { type: 'vad', endSample: this.#sample, probability, levelDbfs };
  }

  of<T extends VoiceEvent['type']>(type: T): Extract<VoiceEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<VoiceEvent, { type: T }> => event.type === type);
  }

  get finalTexts(): string[] {
    return this.of('user-text')
      .filter(({ final }) => final)
      .map(({ text }) => text);
  }
}
