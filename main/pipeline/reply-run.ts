import { ParleyError, type SerialisedError } from '../contract/errors.ts';
import { PlayedLedger } from '../domain/conversation/played-ledger.ts';
import type { AnswerSource } from '../contract/state.ts';
import type { Timeline } from '../domain/conversation/timeline.ts';
import type { CancelReason } from '../domain/turn/effects.ts';
import { onAbort } from '../lib/abort.ts';
import { BoundedQueue } from '../lib/bounded-queue.ts';
import { deferred } from '../lib/deferred.ts';
import type { PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { AnswerEffect, ReplyPiece, ReplyRequest, Responder } from '../ports/responder.ts';
import type { Tts } from '../ports/tts.ts';
import type { Loudspeaker } from '../ports/voice-architecture.ts';

export interface ReplyRunOptions {
  answerNumber: number;
  turnId: number;
  request: ReplyRequest;
  /** Prepared before the end of the turn is certain: nothing is played until `release()`. */
  speculative: boolean;
  responder: Pick<Responder, 'respond'>;
  tts: Tts;
  loudspeaker: Loudspeaker;
  clock: Clock;
  timeline: Timeline;
  /** Least distance of an answer that is known at once from the user's last sound. */
  naturalPauseMs: number;
  /** Text or heard part has changed. */
  onProgress(run: ReplyRun): void;
  /** Code or the table of replies has all of the answer. */
  onKnown(run: ReplyRun, by: 'skill' | 'cache'): void;
  onAudible(run: ReplyRun): void;
  /** The answer has done something that can be undone. */
  onApplied(run: ReplyRun, undo: () => void): void;
  /** Called once, whatever the end. */
  onEnded(run: ReplyRun, outcome: ReplyOutcome): void;
}

export interface ReplyOutcome {
  outcome: 'done' | 'interrupted' | 'failed';
  text: string;
  heardChars: number;
  error: SerialisedError | null;
  answeredBy: AnswerSource | null;
  reason: CancelReason | null;
}

/** Clauses that may wait for the voice before the writer of the answer has to wait. */
const CLAUSE_QUEUE_CAPACITY = 4;
/** Nothing was played for this long although audio was queued: the loudspeaker is stuck. Longer than any reopening of a device. */
const PLAYBACK_STALL_MS = 15_000;

/**
 * What is handed over now sounds so much later, counted from where the user's last sound really was: 60 to 80 ms of the device's buffers, and
 * some 60 that the voice detector goes on after the last sound (measured on recordings).
 */
const SOUNDS_LATER_MS = 130;

type ClausePiece = Extract<ReplyPiece, { type: 'clause' }>;

/** One answer, from its first thought to its last played sample. `interrupt()` may be called at any time and any number of times. */
export class ReplyRun {
  readonly answerNumber: number;
  readonly turnId: number;
  readonly userText: string;
  readonly timeline: Timeline;
  /** Resolves after `onEnded`. */
  readonly ended: Promise<void>;
  #options: ReplyRunOptions;
  #abort = new AbortController();
  #gate = deferred<void>();
  #clauses = new BoundedQueue<ClausePiece>({ capacity: CLAUSE_QUEUE_CAPACITY, policy: 'wait' });
  #ledger = new PlayedLedger();
  #text = '';
  #answeredBy: AnswerSource | null = null;
  /** What is to be done when the answer is about to be heard. */
  #effects: AnswerEffect[] = [];
  #playedSamples = 0;
  #playbackEnded = deferred<void>();
  #cancelStallWatch = (): void => {};
  #reason: CancelReason | null = null;
  #silenced: Promise<void> | null = null;
  #isEnded = false;

  constructor(options: ReplyRunOptions) {
    this.#options = options;
    this.answerNumber = options.answerNumber;
    this.turnId = options.turnId;
    this.userText = options.request.userText;
    this.timeline = options.timeline;
    this.#playbackEnded.promise.catch(() => {});
    if (!options.speculative) this.#gate.resolve();
    this.ended = this.#run();
  }

  get text(): string {
    return this.#text;
  }

  get heardChars(): number {
    return this.#ledger.heardChars(this.#text, this.#playedSamples);
  }

  /** The turn has ended: the answer may be heard. */
  release(): void {
    this.#gate.resolve();
  }

  /**
   * Silences the answer and drops the rest. Returns at once, but the loudspeaker has been told by then: whoever releases a hold
   * next does not let a last scrap of it out. `onEnded` follows when the loudspeaker has said how far it came.
   */
  interrupt(reason: CancelReason): void {
    if (this.#reason !== null || this.#isEnded) return;
    this.#reason = reason;
    void this.#silence();
    this.#abort.abort(new ParleyError({ code: 'cancelled', stage: 'app', message: reason, retryable: true }));
    this.#clauses.abandon();
    this.#gate.resolve();
    this.#playbackEnded.resolve();
  }

  onPlayback(progress: PlaybackProgress): void {
    if (progress.answerNumber !== this.answerNumber || this.#isEnded) return;
    if (progress.playedSamples > 0 && this.#playedSamples === 0) {
      this.timeline.mark('audible', this.#options.clock.nowMs());
      this.#options.onAudible(this);
    }
    this.#playedSamples = progress.isCorrection
      ? progress.playedSamples
      : Math.max(this.#playedSamples, progress.playedSamples);
    this.#watchForStall();
    this.#options.onProgress(this);
    if (progress.ended) this.#playbackEnded.resolve();
  }

  async #run(): Promise<void> {
    try {
      await Promise.all([this.#write(), this.#speak()]);
      await this.#playOut();
      this.#end(this.#reason === null ? 'done' : 'interrupted', null);
    } catch (cause) {
      const error = ParleyError.from(cause, 'app');
      await this.#silence();
      if (this.#reason !== null) this.#end('interrupted', null);
      else this.#end('failed', error.serialise());
    }
  }

  /** Takes the answer's words and hands clauses over to the voice. */
  async #write(): Promise<void> {
    const { responder, request, clock, onProgress } = this.#options;
    try {
      for await (const piece of responder.respond(request, {
        signal: this.#abort.signal,
        released: this.#gate.promise,
      })) {
        if (piece.type === 'first-token') this.timeline.mark('first-token', clock.nowMs());
        else if (piece.type === 'text') {
          this.#text += piece.text;
          onProgress(this);
          if (this.#knownBy !== null) this.#options.onKnown(this, this.#knownBy);
        } else if (piece.type === 'source') {
          this.#answeredBy = piece.source;
          this.timeline.mark('source', clock.nowMs());
        } else if (piece.type === 'effect') this.#effects.push(piece.effect);
        else {
          this.timeline.mark('first-clause', clock.nowMs());
          await this.#clauses.push(piece);
        }
      }
    } catch (cause) {
      this.#clauses.abandon();
      this.#abort.abort(cause);
      throw cause;
    }
    this.#clauses.close();
  }

  /** Synthesises clause by clause; before the release, only the first audio is made and kept. */
  async #speak(): Promise<void> {
    try {
      for await (const { clause, audio } of this.#clauses) {
        if (audio) await this.#play(clause, audio.pcm, audio.sampleRateHz);
        else await this.#synthesize(clause);
      }
    } catch (cause) {
      this.#abort.abort(cause);
      throw cause;
    }
  }

  async #synthesize(clause: ClausePiece['clause']): Promise<void> {
    const { tts } = this.#options;
    const { signal } = this.#abort;
    for await (const pcm of tts.synthesize({ text: clause.text }, { signal })) {
      await this.#play(clause, pcm, tts.sampleRateHz);
    }
  }

  async #play(clause: ClausePiece['clause'], pcm: Float32Array, sampleRateHz: number): Promise<void> {
    const { loudspeaker, clock } = this.#options;
    this.timeline.mark('first-audio', clock.nowMs());
    await this.#gate.promise;
    await this.#naturalPause();
    if (this.#reason !== null) return;
    for (const effect of this.#effects.splice(0)) this.#options.onApplied(this, effect.apply());
    this.timeline.mark('queued', clock.nowMs());
    this.#ledger.queue(clause, pcm.length);
    this.#watchForStall();
    await loudspeaker.play(this.answerNumber, pcm, sampleRateHz);
  }

  /** People do not answer in no time either. Nothing is added to an end of turn that took as long to be sure of. */
  async #naturalPause(): Promise<void> {
    const { naturalPauseMs, clock } = this.#options;
    const { lastSpokenMs } = this.timeline;
    if (this.#knownBy === null || lastSpokenMs === null || this.#ledger.queuedSamples > 0) return;
    const waitMs = lastSpokenMs + naturalPauseMs - SOUNDS_LATER_MS - clock.nowMs();
    if (waitMs <= 0) return;
    const over = deferred<void>();
    const cancel = clock.schedule(waitMs, over.resolve);
    const stopWatching = onAbort(this.#abort.signal, over.resolve);
    await over.promise;
    cancel();
    stopWatching();
  }

  /** Who needed no thought for it. */
  get #knownBy(): 'skill' | 'cache' | null {
    return this.#answeredBy === 'cache' || this.#answeredBy === 'skill' ? this.#answeredBy : null;
  }

  async #playOut(): Promise<void> {
    if (this.#reason !== null) return this.#silence();
    await this.#gate.promise;
    if (this.#ledger.queuedSamples === 0) {
      throw new ParleyError({
        code: 'engine-failed',
        stage: 'think',
        message: 'the answer has no words',
        retryable: true,
      });
    }
    this.#options.loudspeaker.endAnswer(this.answerNumber);
    await this.#playbackEnded.promise;
    if (this.#reason !== null) await this.#silence();
  }

  #silence(): Promise<void> {
    return (this.#silenced ??= this.#stopPlaying());
  }

  /** Stops what is playing and takes the loudspeaker's word for how far it came. */
  async #stopPlaying(): Promise<void> {
    if (this.#ledger.queuedSamples === 0) return;
    try {
      const played = await this.#options.loudspeaker.stopAnswer(this.answerNumber);
      this.#playedSamples = Math.max(this.#playedSamples, played);
    } catch {
      // The device is gone; the last progress that it reported stands.
    }
  }

  #watchForStall(): void {
    const { clock } = this.#options;
    this.#cancelStallWatch();
    this.#cancelStallWatch = clock.schedule(PLAYBACK_STALL_MS, () => {
      if (this.#playedSamples >= this.#ledger.queuedSamples) return;
      this.#abort.abort(new ParleyError({ code: 'device-lost', stage: 'audio', retryable: true }));
      this.#clauses.abandon();
      this.#playbackEnded.reject(new ParleyError({ code: 'device-lost', stage: 'audio', retryable: true }));
    });
  }

  #end(outcome: ReplyOutcome['outcome'], error: SerialisedError | null): void {
    if (this.#isEnded) return;
    this.#cancelStallWatch();
    this.#isEnded = true;
    const { heardChars } = this;
    const answeredBy = this.#answeredBy;
    this.#options.onEnded(this, { outcome, text: this.#text, heardChars, error, answeredBy, reason: this.#reason });
  }
}
