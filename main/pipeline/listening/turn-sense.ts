import { untilAborted } from '../../lib/until-aborted.ts';
import type { TurnDetector } from '../../ports/turn-detector.ts';
import type { AudioRing } from './audio-ring.ts';
import type { SpeechTrack } from './speech-track.ts';

/** Turn detectors listen to the last 8 s. */
const WINDOW_SAMPLES = 128_000;
/** The detector runs ahead of being asked after 128 ms of silence … */
const ANTICIPATE_WINDOWS = 4;
/** … and its answer still holds when it is asked about this much (192 ms) more silence. */
const HOLDS_SAMPLES = 3072;

interface Verdict {
  fromSample: number;
  endSample: number;
  abort: AbortController;
  probability: Promise<number>;
  /** Readings that wait for it. */
  waiting: number;
}

/** Asks the turn detector as seldom as possible and as early as possible. */
export class TurnSense {
  readonly #detector: TurnDetector | null;
  readonly #ring: AudioRing;
  readonly #track: SpeechTrack;
  #verdict: Verdict | undefined;

  constructor(options: { detector: TurnDetector | null; ring: AudioRing; track: SpeechTrack }) {
    this.#detector = options.detector;
    this.#ring = options.ring;
    this.#track = options.track;
  }

  /** Starts the detector for the pause that the track ends with, once per pause. Does nothing while someone speaks. */
  anticipate(fromSample: number, endSample: number): void {
    if (!this.#detector || this.#track.silentTailWindows() < ANTICIPATE_WINDOWS) return;
    if (this.#verdict && this.#isSamePause(this.#verdict, fromSample, endSample)) return;
    this.#ask(fromSample, endSample);
  }

  /** Null without a detector, and when there is no audio in the range. */
  async probability(fromSample: number, toSample: number, signal: AbortSignal): Promise<number | null> {
    if (!this.#detector) return null;
    const known = this.#verdict;
    const holds =
      known && this.#isSamePause(known, fromSample, toSample) && Math.abs(toSample - known.endSample) <= HOLDS_SAMPLES;
    const verdict = holds ? known : this.#ask(fromSample, this.#endOfSilence(toSample));
    if (!verdict) return null;
    verdict.waiting++;
    try {
      return await untilAborted(verdict.probability, signal, 'listen');
    } finally {
      verdict.waiting--;
    }
  }

  /** The end of what was heard when nothing was said since: the detector knows better with more silence to go by. */
  #endOfSilence(fromSample: number): number {
    const endSample = this.#track.endSample;
    return endSample > fromSample && this.#track.speechWindows(fromSample, endSample) === 0 ? endSample : fromSample;
  }

  #isSamePause(verdict: Verdict, fromSample: number, toSample: number): boolean {
    const [from, to] = [Math.min(verdict.endSample, toSample), Math.max(verdict.endSample, toSample)];
    return verdict.fromSample === fromSample && this.#track.speechWindows(from, to) === 0;
  }

  #ask(fromSample: number, toSample: number): Verdict | undefined {
    const pcm = this.#ring.read(Math.max(fromSample, toSample - WINDOW_SAMPLES), toSample);
    if (pcm.length === 0) return undefined;
    if (this.#verdict?.waiting === 0) this.#verdict.abort.abort();
    const abort = new AbortController();
    const probability = this.#detector!.completeProbability(pcm, { signal: abort.signal });
    const verdict: Verdict = { fromSample, endSample: toSample, abort, probability, waiting: 0 };
    this.#verdict = verdict;
    // Nobody may be waiting for it; and a failed verdict must be asked for again.
    probability.catch(() => {
      if (this.#verdict === verdict) this.#verdict = undefined;
    });
    return verdict;
  }
}
