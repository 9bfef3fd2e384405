import { ParleyError } from '../contract/errors.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import type { PlaybackProgress } from '../ports/audio-devices.ts';
import { AnswerTrack } from './answer-track.ts';
import { FinishedAnswers } from './finished-answers.ts';
import { dbToAmplitude, GainRamp } from './gain-ramp.ts';
import type { StreamingResampler } from './streaming-resampler.ts';

/** Seconds of an answer that may wait before its producer is made to wait. */
export const QUEUE_BOUND_SECONDS = 2;
const DEFAULT_FADE_MS = 10;
const DEFAULT_HOLD_FADE_MS = 20;

interface Mark {
  /** The device sample at which this has left the mixer. */
  endSample: number;
  answerNumber: number;
  playedSamples: number;
  ended: boolean;
}

interface Stopping {
  answerNumber: number;
  fade: GainRamp;
  whenSilent: Deferred<number>;
}

/**
 * Answers in, one stream for the loudspeaker out. Answers are played in the order of their numbers; whoever drives the device
 * pulls samples at the device's rate and says later how many of them were really heard, and the mixer turns that into how much
 * of each answer was.
 */
export class PlaybackMixer {
  readonly #resampler: StreamingResampler;
  readonly #onProgress: (progress: PlaybackProgress) => void;
  readonly #tracks = new Map<number, AnswerTrack>();
  readonly #finished = new FinishedAnswers();
  readonly #gain = new GainRamp();
  readonly #hold = new GainRamp();
  #marks: Mark[] = [];
  #outputRateHz: number;
  #converting: AnswerTrack | undefined;
  #stopping: Stopping | undefined;
  #isHeld = false;
  #isPulled = false;
  #isStarved = false;
  #pulledSamples = 0;
  #underruns = 0;

  /** `resampler` is the mixer's from now on. */
  constructor(options: {
    outputRateHz: number;
    resampler: StreamingResampler;
    onProgress: (progress: PlaybackProgress) => void;
  }) {
    this.#outputRateHz = options.outputRateHz;
    this.#resampler = options.resampler;
    this.#onProgress = options.onProgress;
  }

  /** Device samples pulled so far; what `reportHeard` counts in. */
  get pulledSamples(): number {
    return this.#pulledSamples;
  }

  /** Times that an answer which was sounding had nothing to play although it was not over. */
  get underruns(): number {
    return this.#underruns;
  }

  /** True while nothing waits to be played or to be reported as heard. */
  get isIdle(): boolean {
    return this.#tracks.size === 0 && this.#marks.length === 0;
  }

  get outputRateHz(): number {
    return this.#outputRateHz;
  }

  /** See AudioBus.play. Throws `bad-input` when the rate of an answer changes. */
  async play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void> {
    if (this.#finished.has(answerNumber) || this.#stopping?.answerNumber === answerNumber) return;
    const track = this.#tracks.get(answerNumber) ?? new AnswerTrack(answerNumber, sampleRateHz);
    if (track.sampleRateHz !== sampleRateHz) {
      throw new ParleyError({ code: 'bad-input', stage: 'audio', message: 'An answer has one sample rate.' });
    }
    this.#tracks.set(answerNumber, track);
    track.add(pcm);
    await track.whenBelow(QUEUE_BOUND_SECONDS);
  }

  endAnswer(answerNumber: number): void {
    const track = this.#tracks.get(answerNumber);
    if (track) track.complete();
    else if (!this.#finished.has(answerNumber)) this.#finish(answerNumber);
  }

  /** See AudioBus.stopAnswer. Resolves when the fade was pulled; the `ended` progress follows when it was heard. */
  async stopAnswer(answerNumber: number, fadeMs = DEFAULT_FADE_MS): Promise<number> {
    if (this.#stopping?.answerNumber === answerNumber) return this.#stopping.whenSilent.promise;
    const finished = this.#finished.playedSamples(answerNumber);
    if (finished !== undefined) return finished;
    const track = this.#tracks.get(answerNumber);
    const isSounding = track !== undefined && track === this.#head() && track.position > 0;
    const fadeSamples = Math.round((fadeMs / 1000) * this.#outputRateHz);
    const canFade = isSounding && this.#isPulled && !this.#isSilentlyHeld && fadeSamples >= 1;
    if (!canFade) return this.#finish(answerNumber);
    const fade = new GainRamp();
    fade.moveTo(0, fadeSamples);
    this.#stopping = { answerNumber, fade, whenSilent: deferred() };
    track.release();
    return this.#stopping.whenSilent.promise;
  }

  /** See AudioBus.setHeld. */
  setHeld(held: boolean, fadeMs = DEFAULT_HOLD_FADE_MS): void {
    this.#isHeld = held;
    const samples = this.#isPulled ? (fadeMs / 1000) * this.#outputRateHz : 0;
    this.#hold.moveTo(held ? 0 : 1, samples);
  }

  /** See AudioBus.setGain. */
  setGain(gainDb: number, rampMs: number): void {
    this.#gain.moveTo(dbToAmplitude(gainDb), (rampMs / 1000) * this.#outputRateHz);
  }

  /** Nobody pulls for now: stopping and holding take effect at once instead of after a fade. The next pull undoes it. */
  suspend(): void {
    this.#isPulled = false;
    this.#hold.moveTo(this.#isHeld ? 0 : 1, 0);
    if (this.#stopping) this.#endFade(this.#stopping);
    this.reportHeard(Infinity);
  }

  /** From the next pull on samples are for another device. No sample of any answer is lost or repeated. */
  setOutputRate(outputRateHz: number): void {
    if (outputRateHz === this.#outputRateHz) return;
    this.#outputRateHz = outputRateHz;
    this.#converting = undefined;
  }

  /** Fills `out` with what comes next, or silence. */
  pull(out: Float32Array): void {
    this.#isPulled = true;
    let at = 0;
    while (at < out.length) {
      const track = this.#head();
      if (!track || this.#isSilentlyHeld) break;
      const written = this.#renderTrack(track, this.#limited(out.subarray(at)));
      at += written;
      if (written === 0 && this.#tracks.has(track.answerNumber)) break;
    }
    out.fill(0, at);
    this.#pulledSamples += out.length - at;
    this.#gain.apply(out);
  }

  /** `pulledSamples` of which so many have left the loudspeaker: reports what that means for each answer. */
  reportHeard(deviceSamples: number): void {
    const latest = new Map<number, Mark>();
    let count = 0;
    for (const mark of this.#marks) {
      if (mark.endSample > deviceSamples) break;
      latest.set(mark.answerNumber, mark);
      count++;
    }
    if (count === 0) return;
    this.#marks = this.#marks.slice(count);
    for (const { answerNumber, playedSamples, ended } of latest.values()) {
      this.#onProgress({ answerNumber, playedSamples, ended });
    }
  }

  /** Ends every answer where it is, without a fade: there is no loudspeaker any more. */
  endAll(): void {
    this.suspend();
    for (const answerNumber of [...this.#tracks.keys()].sort((a, b) => a - b)) this.#finish(answerNumber);
  }

  close(): void {
    this.endAll();
    this.#resampler.close();
  }

  get #isSilentlyHeld(): boolean {
    return this.#isHeld && !this.#hold.isMoving;
  }

  #head(): AnswerTrack | undefined {
    let head: AnswerTrack | undefined;
    for (const track of this.#tracks.values()) if (!head || track.answerNumber < head.answerNumber) head = track;
    return head;
  }

  /** Not beyond the end of a fade: what comes after it is not played. */
  #limited(out: Float32Array): Float32Array {
    const holding = this.#isHeld ? this.#hold.remainingSamples : Infinity;
    const stopping = this.#stopping ? this.#stopping.fade.remainingSamples : Infinity;
    return out.subarray(0, Math.min(out.length, holding, stopping));
  }

  #renderTrack(track: AnswerTrack, out: Float32Array): number {
    if (this.#converting !== track) track.startConverting(this.#resampler, this.#outputRateHz);
    this.#converting = track;
    const wasSounding = track.position > 0;
    const written = track.render(out, this.#resampler);
    const rendered = out.subarray(0, written);
    this.#stopping?.fade.apply(rendered);
    this.#hold.apply(rendered);
    this.#pulledSamples += written;
    const isShort = written < out.length;
    this.#countUnderrun(isShort && wasSounding && !track.isComplete);
    if (written > 0) this.#mark(track.answerNumber, track.position, false);
    if (this.#stopping && (isShort || !this.#stopping.fade.isMoving)) this.#endFade(this.#stopping);
    else if (track.isDrained) this.#finish(track.answerNumber);
    return written;
  }

  #countUnderrun(isStarved: boolean): void {
    if (isStarved && !this.#isStarved) this.#underruns++;
    this.#isStarved = isStarved;
  }

  #endFade(stopping: Stopping): void {
    this.#stopping = undefined;
    stopping.whenSilent.resolve(this.#finish(stopping.answerNumber));
  }

  /** Takes the answer off and returns how much of it was pulled. */
  #finish(answerNumber: number): number {
    const track = this.#tracks.get(answerNumber);
    const playedSamples = track?.position ?? 0;
    track?.release();
    if (this.#converting === track) this.#converting = undefined;
    this.#tracks.delete(answerNumber);
    this.#finished.add(answerNumber, playedSamples);
    this.#mark(answerNumber, playedSamples, true);
    if (!this.#isPulled) this.reportHeard(Infinity);
    return playedSamples;
  }

  #mark(answerNumber: number, playedSamples: number, ended: boolean): void {
    this.#marks.push({ endSample: this.#pulledSamples, answerNumber, playedSamples, ended });
  }
}
