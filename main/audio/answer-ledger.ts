import { CAPTURE_RATE_HZ } from '../contract/audio-format.ts';
import { ParleyError } from '../contract/errors.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import type { PlaybackProgress } from '../ports/audio-devices.ts';
import { FinishedAnswers } from './finished-answers.ts';
import { QUEUE_BOUND_SECONDS } from './playback-mixer.ts';
import { UnheardAudio } from './unheard-audio.ts';

interface Entry {
  audio: UnheardAudio;
  /** What had been heard when the present device began with this answer, and counts from 0. */
  base: number;
  isStopped: boolean;
  room: Deferred<void> | undefined;
}

/** What a new device is to be given of an answer. */
export interface UnheardAnswer {
  answerNumber: number;
  sampleRateHz: number;
  chunks: readonly Float32Array[];
  isComplete: boolean;
}

/**
 * The app's side of the played-sample count: what was given of each answer, what was heard of it, and the rest, so that
 * another device can go on where one has died. Reports counts that never fall and one end for each answer.
 */
export class AnswerLedger {
  readonly #onProgress: (progress: PlaybackProgress) => void;
  readonly #entries = new Map<number, Entry>();
  readonly #finished = new FinishedAnswers();

  constructor(onProgress: (progress: PlaybackProgress) => void) {
    this.#onProgress = onProgress;
  }

  /** False when the answer is over or stopped, and the audio is not wanted. Throws `bad-input` when its rate changes. */
  add(answerNumber: number, pcm: Float32Array, sampleRateHz: number): boolean {
    if (this.#finished.has(answerNumber)) return false;
    const entry = this.#entries.get(answerNumber) ?? newEntry(sampleRateHz);
    if (entry.isStopped || entry.audio.isComplete) return false;
    if (entry.audio.sampleRateHz !== sampleRateHz) {
      throw new ParleyError({ code: 'bad-input', stage: 'audio', message: 'An answer has one sample rate.' });
    }
    this.#entries.set(answerNumber, entry);
    entry.audio.add(pcm);
    return true;
  }

  /** False when that was known already. */
  complete(answerNumber: number): boolean {
    if (this.#finished.has(answerNumber)) return false;
    const entry = this.#entries.get(answerNumber) ?? newEntry(CAPTURE_RATE_HZ);
    if (entry.audio.isComplete) return false;
    this.#entries.set(answerNumber, entry);
    entry.audio.complete();
    return true;
  }

  async whenBelowBound(answerNumber: number): Promise<void> {
    const entry = this.#entries.get(answerNumber);
    while (entry && this.#entries.get(answerNumber) === entry) {
      if (entry.isStopped || entry.audio.seconds < QUEUE_BOUND_SECONDS) return;
      entry.room ??= deferred();
      await entry.room.promise;
    }
  }

  /** What the present device says. */
  heard(progress: PlaybackProgress): void {
    const entry = this.#entries.get(progress.answerNumber);
    if (!entry) {
      // Stopped before any audio came.
      if (progress.ended) this.end(progress.answerNumber);
      return;
    }
    const before = entry.audio.playedSamples;
    entry.audio.advanceTo(entry.base + progress.playedSamples);
    if (progress.ended) this.end(progress.answerNumber);
    else if (entry.audio.playedSamples > before) this.#report(progress.answerNumber, entry.audio.playedSamples, false);
    letGo(entry);
  }

  /** No more of it is wanted. Returns what to add to the count that the present device will give. */
  drop(answerNumber: number): number {
    const entry = this.#entries.get(answerNumber) ?? newEntry(CAPTURE_RATE_HZ);
    this.#entries.set(answerNumber, entry);
    entry.isStopped = true;
    letGo(entry);
    return entry.base;
  }

  /** Ends it with what was heard of it. Returns that. */
  end(answerNumber: number): number {
    const finished = this.#finished.playedSamples(answerNumber);
    if (finished !== undefined) return finished;
    const entry = this.#entries.get(answerNumber);
    const playedSamples = entry?.audio.playedSamples ?? 0;
    this.#entries.delete(answerNumber);
    this.#finished.add(answerNumber, playedSamples);
    if (entry) letGo(entry);
    this.#report(answerNumber, playedSamples, true);
    return playedSamples;
  }

  endAll(): void {
    for (const answerNumber of this.#numbers()) this.end(answerNumber);
  }

  finishedCount(answerNumber: number): number | undefined {
    return this.#finished.playedSamples(answerNumber);
  }

  /** For a device that begins now, in order; answers that were being stopped end here instead. */
  takeUnheard(): UnheardAnswer[] {
    const unheard: UnheardAnswer[] = [];
    for (const answerNumber of this.#numbers()) {
      const entry = this.#entries.get(answerNumber)!;
      const { audio } = entry;
      entry.base = audio.playedSamples;
      const { sampleRateHz, isComplete } = audio;
      if (entry.isStopped) this.end(answerNumber);
      else unheard.push({ answerNumber, sampleRateHz, chunks: [...audio.remaining()], isComplete });
    }
    return unheard;
  }

  #numbers(): number[] {
    return [...this.#entries.keys()].sort((a, b) => a - b);
  }

  #report(answerNumber: number, playedSamples: number, ended: boolean): void {
    this.#onProgress({ answerNumber, playedSamples, ended });
  }
}

function newEntry(sampleRateHz: number): Entry {
  return { audio: new UnheardAudio(sampleRateHz), base: 0, isStopped: false, room: undefined };
}

function letGo(entry: Entry): void {
  entry.room?.resolve();
  entry.room = undefined;
}
