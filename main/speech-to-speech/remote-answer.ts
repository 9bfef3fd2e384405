import type { SerialisedError } from '../contract/errors.ts';
import { ParleyError } from '../contract/errors.ts';
import { StreamedLedger } from '../domain/conversation/streamed-ledger.ts';
import type { Timeline } from '../domain/conversation/timeline.ts';
import { deferred } from '../lib/deferred.ts';
import type { PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import { KeptSound } from './kept-sound.ts';
import type { Loudspeaker } from '../ports/voice-architecture.ts';

/** Providers send faster than anyone listens; more than this of one answer is not kept. */
const MAX_ANSWER_SECONDS = 300;

export interface RemoteAnswerOptions {
  answerId: string;
  answerNumber: number;
  turnId: number;
  loudspeaker: Loudspeaker;
  clock: Clock;
  timeline: Timeline;
  /** Its sound is kept until it is known what of it was heard. */
  keepsSound: boolean;
  onProgress(answer: RemoteAnswer): void;
  /** Called once. */
  onEnded(answer: RemoteAnswer, end: RemoteAnswerEnd): void;
}

export interface RemoteAnswerEnd {
  outcome: 'done' | 'interrupted' | 'failed';
  heardChars: number;
  error: SerialisedError | null;
}

/** One answer of a speech-to-speech model, from its first event to its last played sample. */
export class RemoteAnswer {
  readonly answerId: string;
  readonly answerNumber: number;
  readonly turnId: number;
  readonly ended: Promise<void>;
  readonly timeline: Timeline;
  readonly #options: RemoteAnswerOptions;
  readonly #whenEnded = deferred<void>();
  #ledger: StreamedLedger | undefined;
  #sound: KeptSound | undefined;
  #sampleRateHz = 0;
  #text = '';
  #playedSamples = 0;
  #isComplete = false;
  #isStopping = false;
  #isEnded = false;

  constructor(options: RemoteAnswerOptions) {
    this.#options = options;
    this.answerId = options.answerId;
    this.answerNumber = options.answerNumber;
    this.turnId = options.turnId;
    this.timeline = options.timeline;
    this.ended = this.#whenEnded.promise;
  }

  get text(): string {
    return this.#text;
  }

  get heardChars(): number {
    return this.#ledger?.heardChars(this.#text, this.#playedSamples) ?? 0;
  }

  get heardMs(): number {
    return this.#sampleRateHz === 0 ? 0 : (this.#playedSamples * 1000) / this.#sampleRateHz;
  }

  /** What of it left the loudspeaker; null when nothing was kept, or nothing was heard. */
  get heardSound(): { pcm: Float32Array; sampleRateHz: number } | null {
    const pcm = this.#sound?.played(this.#playedSamples);
    return pcm && pcm.length > 0 ? { pcm, sampleRateHz: this.#sampleRateHz } : null;
  }

  /** The provider has sent all of it. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  addText(text: string): void {
    if (this.#isEnded) return;
    this.#text += text;
    this.#options.onProgress(this);
  }

  /** Audio that comes after an interruption or the end is dropped: it was on its way when it was cancelled. */
  addAudio(pcm: Float32Array, sampleRateHz: number): void {
    if (this.#isEnded || this.#isStopping || this.#isComplete || pcm.length === 0) return;
    const { loudspeaker, timeline, clock, answerNumber } = this.#options;
    timeline.mark('first-audio', clock.nowMs());
    this.#sampleRateHz ||= sampleRateHz;
    this.#ledger ??= new StreamedLedger(sampleRateHz);
    if (this.#ledger.queuedSamples > MAX_ANSWER_SECONDS * sampleRateHz) return;
    this.#ledger.queue(pcm.length);
    if (this.#options.keepsSound) (this.#sound ??= new KeptSound(this.#sampleRateHz)).add(pcm);
    // The provider does not wait for us: what the loudspeaker cannot take yet waits in its promise.
    loudspeaker.play(answerNumber, pcm, sampleRateHz).catch((cause: unknown) => {
      if (!this.#isStopping) this.#end('failed', ParleyError.from(cause, 'audio').serialise());
    });
  }

  /** No more audio comes; it ends when it was played. */
  complete(): void {
    if (this.#isEnded || this.#isStopping || this.#isComplete) return;
    this.#isComplete = true;
    this.#ledger?.complete();
    if (this.#ledger) this.#options.loudspeaker.endAnswer(this.answerNumber);
    else this.#end('done', null);
  }

  onPlayback(progress: PlaybackProgress): void {
    if (progress.answerNumber !== this.answerNumber || this.#isEnded) return;
    const { timeline, clock, onProgress } = this.#options;
    if (progress.playedSamples > 0) timeline.mark('audible', clock.nowMs());
    this.#playedSamples = progress.isCorrection
      ? progress.playedSamples
      : Math.max(this.#playedSamples, progress.playedSamples);
    onProgress(this);
    if (progress.ended && this.#isComplete && !this.#isStopping) this.#end('done', null);
  }

  /** Silences it at once; resolves when the loudspeaker has said how far it came. */
  async interrupt(error: SerialisedError | null = null): Promise<void> {
    if (this.#isEnded) return;
    if (this.#isStopping) return this.ended;
    this.#isStopping = true;
    if (this.#ledger) {
      // The device may be gone; the last progress that it reported stands then.
      const played = await this.#options.loudspeaker.stopAnswer(this.answerNumber).catch(() => 0);
      this.#playedSamples = Math.max(this.#playedSamples, played);
    }
    this.#end(error ? 'failed' : 'interrupted', error);
  }

  #end(outcome: RemoteAnswerEnd['outcome'], error: SerialisedError | null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { heardChars } = this;
    this.#options.onEnded(this, { outcome, heardChars, error });
    this.#whenEnded.resolve();
  }
}
