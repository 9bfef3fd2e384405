import { toPcm16 } from '../../lib/pcm16.ts';
import type { PlaybackProgress } from '../../ports/audio-devices.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OpenResampler, Resampler } from '../../ports/resampler.ts';
import type { Loudspeaker } from '../../ports/voice-architecture.ts';

/** The protocol's only rate for PCM. */
export const WIRE_RATE_HZ = 24_000;
/** Sent ahead of what the client can have played: enough for a network's hiccups, little enough that a hold is soon heard. */
const LEAD_MS = 400;
const TICK_MS = 20;
const QUEUE_BOUND_MS = 2000;
/** Answers whose ends are remembered: what is still asked of older ones is answered with nothing. */
const REMEMBERED_ANSWERS = 64;

interface Track {
  answerNumber: number;
  sourceRateHz: number;
  resampler: Promise<Resampler | null>;
  /** Calls of `play` whose audio is not among `waiting` yet. */
  arriving: number;
  /** At the wire's rate. */
  waiting: Float32Array[];
  waitingSamples: number;
  sentSamples: number;
  playedSamples: number;
  isComplete: boolean;
  room: (() => void)[];
}

export interface PacedOutputOptions {
  clock: Clock;
  openResampler: OpenResampler;
  /** PCM16 at WIRE_RATE_HZ. */
  send(answerNumber: number, pcm16: Buffer): void;
  onPlayback(progress: PlaybackProgress): void;
}

/**
 * The loudspeaker of a client that plays what it is sent, as far as one can know it from here: audio goes out in real time with a small lead, and
 * counts as played at the pace of time. What the client tells (`truncate`) is believed over that.
 */
export class PacedOutput implements Loudspeaker {
  readonly #options: PacedOutputOptions;
  readonly #tracks = new Map<number, Track>();
  /** Finished: what had been played, in samples of the source, and what had been sent. */
  readonly #over = new Map<number, { playedSamples: number; sentMs: number }>();
  #isHeld = false;
  #isPaused = false;
  #lastTickMs = 0;
  #cancelTick: (() => void) | null = null;

  constructor(options: PacedOutputOptions) {
    this.#options = options;
  }

  async play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void> {
    if (this.#over.has(answerNumber)) return;
    const track = this.#tracks.get(answerNumber) ?? this.#begin(answerNumber, sampleRateHz);
    track.arriving++;
    const resampler = await track.resampler.finally(() => track.arriving--);
    if (this.#tracks.get(answerNumber) !== track) return;
    const converted = resampler ? resampler.process(pcm) : pcm;
    track.waiting.push(converted);
    track.waitingSamples += converted.length;
    this.#run();
    if (track.waitingSamples < msToSamples(QUEUE_BOUND_MS)) return;
    await new Promise<void>((resolve) => track.room.push(resolve));
  }

  endAnswer(answerNumber: number): void {
    const track = this.#tracks.get(answerNumber);
    if (track) track.isComplete = true;
    else if (!this.#over.has(answerNumber)) this.#finish(answerNumber);
    this.#run();
  }

  stopAnswer(answerNumber: number): Promise<number> {
    const known = this.#over.get(answerNumber);
    return Promise.resolve(known ? known.playedSamples : this.#finish(answerNumber));
  }

  setHeld(held: boolean): void {
    this.#run();
    this.#isHeld = held;
    this.#run();
  }

  /** Nothing is sent while the client has not asked for an answer; independent of a hold. */
  setPaused(paused: boolean): void {
    this.#run();
    this.#isPaused = paused;
    this.#run();
  }

  /** The client says how far it has played an answer, in ms: at most what it was sent, and perhaps less than was counted here. */
  setPlayedMs(answerNumber: number, playedMs: number): void {
    const track = this.#tracks.get(answerNumber);
    if (!track) return;
    track.playedSamples = Math.min(track.sentSamples, msToSamples(playedMs));
    this.#report(track, { isCorrection: true });
  }

  /** What of an answer was sent so far; 0 for one that is not known (any more). */
  sentMs(answerNumber: number): number {
    const track = this.#tracks.get(answerNumber);
    return track ? samplesToMs(track.sentSamples) : (this.#over.get(answerNumber)?.sentMs ?? 0);
  }

  isPlaying(answerNumber: number): boolean {
    return this.#tracks.has(answerNumber);
  }

  close(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    for (const answerNumber of [...this.#tracks.keys()]) this.#finish(answerNumber);
  }

  #begin(answerNumber: number, sourceRateHz: number): Track {
    const rates = { inputRateHz: sourceRateHz, outputRateHz: WIRE_RATE_HZ };
    const track: Track = {
      answerNumber,
      sourceRateHz,
      resampler: sourceRateHz === WIRE_RATE_HZ ? Promise.resolve(null) : this.#options.openResampler(rates),
      arriving: 0,
      waiting: [],
      waitingSamples: 0,
      sentSamples: 0,
      playedSamples: 0,
      isComplete: false,
      room: [],
    };
    this.#tracks.set(answerNumber, track);
    return track;
  }

  /** Something has changed: what can be sent goes out at once. */
  #run(): void {
    if (this.#cancelTick) this.#cancelTick();
    else this.#lastTickMs = this.#options.clock.nowMs();
    this.#cancelTick = null;
    this.#tick();
  }

  #tick(): void {
    const nowMs = this.#options.clock.nowMs();
    const elapsedMs = nowMs - this.#lastTickMs;
    this.#lastTickMs = nowMs;
    const head = [...this.#tracks.values()].sort((a, b) => a.answerNumber - b.answerNumber)[0];
    if (head && !this.#isHeld && !this.#isPaused) this.#advance(head, elapsedMs);
    if (this.#tracks.size === 0) return;
    this.#cancelTick = this.#options.clock.schedule(TICK_MS, () => {
      this.#cancelTick = null;
      this.#tick();
    });
  }

  #advance(track: Track, elapsedMs: number): void {
    track.playedSamples = Math.min(track.sentSamples, track.playedSamples + msToSamples(elapsedMs));
    this.#send(track);
    const isAllSent = track.isComplete && track.arriving === 0 && track.waitingSamples === 0;
    if (isAllSent && track.playedSamples >= track.sentSamples) this.#finish(track.answerNumber);
    else if (track.playedSamples > 0) this.#report(track);
  }

  #send(track: Track): void {
    while (track.waiting.length > 0 && track.sentSamples - track.playedSamples < msToSamples(LEAD_MS)) {
      const next = track.waiting[0]!;
      const part = next.subarray(0, msToSamples(100));
      if (part.length === next.length) track.waiting.shift();
      else track.waiting[0] = next.subarray(part.length);
      track.waitingSamples -= part.length;
      track.sentSamples += part.length;
      this.#options.send(track.answerNumber, toPcm16(part));
    }
    if (track.waitingSamples < msToSamples(QUEUE_BOUND_MS)) for (const proceed of track.room.splice(0)) proceed();
  }

  #finish(answerNumber: number): number {
    const track = this.#tracks.get(answerNumber);
    this.#tracks.delete(answerNumber);
    const playedSamples = track ? sourceSamples(track) : 0;
    this.#over.set(answerNumber, { playedSamples, sentMs: track ? samplesToMs(track.sentSamples) : 0 });
    if (this.#over.size > REMEMBERED_ANSWERS) this.#over.delete(this.#over.keys().next().value!);
    for (const proceed of track?.room ?? []) proceed();
    // One that could not be opened was told by `play`.
    track?.resampler.then((resampler) => resampler?.close()).catch(() => {});
    this.#options.onPlayback({ answerNumber, playedSamples, ended: true });
    return playedSamples;
  }

  #report(track: Track, correction: { isCorrection?: true } = {}): void {
    const { answerNumber } = track;
    this.#options.onPlayback({ answerNumber, playedSamples: sourceSamples(track), ended: false, ...correction });
  }
}

/** The resampler holds a few samples back at the end, which makes the source some samples longer: never more than was queued. */
function sourceSamples({ playedSamples, sourceRateHz }: Track): number {
  return Math.round((playedSamples * sourceRateHz) / WIRE_RATE_HZ);
}

function msToSamples(ms: number): number {
  return Math.round((ms * WIRE_RATE_HZ) / 1000);
}

function samplesToMs(samples: number): number {
  return (samples * 1000) / WIRE_RATE_HZ;
}
