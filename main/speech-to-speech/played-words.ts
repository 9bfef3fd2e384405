import type { CallOptions } from '../ports/call-options.ts';
import type { OpenResampler } from '../ports/resampler.ts';

export interface PlayedAnswer {
  answerNumber: number;
  /** Mono; of the answer, what left the loudspeaker. */
  pcm: Float32Array;
  sampleRateHz: number;
}

export interface PlayedWordsOptions {
  /** Sound at 16 kHz, at most 30 s at once. */
  transcribe(pcm: Float32Array, options: CallOptions): Promise<string>;
  openResampler: OpenResampler;
  onText(answerNumber: number, text: string): void;
}

const EARS_RATE_HZ = 16_000;
const FRAME_SAMPLES = 160;
/** A recogniser of this machine does 20 s in one to two seconds; longer pieces it reads badly. */
const LONGEST_PIECE_SAMPLES = 20 * EARS_RATE_HZ;
/** Longer pieces are cut at the quietest place of their last seconds, 50 ms wide. */
const CUT_WITHIN_SAMPLES = 6 * EARS_RATE_HZ;
const QUIET_SAMPLES = 5 * FRAME_SAMPLES;
/** Below it there is no word in it. */
const LEAST_SAMPLES = EARS_RATE_HZ / 4;

/**
 * Writes down what was heard of the answers of somebody else's model, with the recogniser of this machine. It has the recogniser only while
 * nobody speaks: one answer at a time, and what the user interrupts, or what comes while another is being read, is not read.
 */
export class PlayedWords {
  readonly #options: PlayedWordsOptions;
  #reading: AbortController | null = null;
  #isClosed = false;

  constructor(options: PlayedWordsOptions) {
    this.#options = options;
  }

  offer(answer: PlayedAnswer): void {
    if (this.#isClosed || this.#reading) return;
    const reading = new AbortController();
    this.#reading = reading;
    void this.#read(answer, reading.signal).finally(() => {
      if (this.#reading === reading) this.#reading = null;
    });
  }

  /** The recogniser is needed for the user. */
  giveWay(): void {
    this.#reading?.abort();
    this.#reading = null;
  }

  close(): void {
    this.#isClosed = true;
    this.giveWay();
  }

  async #read({ answerNumber, pcm, sampleRateHz }: PlayedAnswer, signal: AbortSignal): Promise<void> {
    const { transcribe, onText } = this.#options;
    try {
      const texts: string[] = [];
      for (const piece of piecesOf(await this.#forEars(pcm, sampleRateHz))) {
        if (signal.aborted) return;
        const text = await transcribe(piece, { signal });
        if (text !== '') texts.push(text);
      }
      if (!signal.aborted && texts.length > 0) onText(answerNumber, texts.join(' '));
    } catch {
      // A transcript on the side: the conversation does without it.
    }
  }

  async #forEars(pcm: Float32Array, sampleRateHz: number): Promise<Float32Array> {
    if (sampleRateHz === EARS_RATE_HZ) return pcm;
    const resampler = await this.#options.openResampler({ inputRateHz: sampleRateHz, outputRateHz: EARS_RATE_HZ });
    try {
      return resampler.process(pcm);
    } finally {
      resampler.close();
    }
  }
}

/** At most 20 s each, cut where it is quiet. */
export function piecesOf(pcm: Float32Array): Float32Array[] {
  const pieces: Float32Array[] = [];
  let rest = pcm;
  while (rest.length > LONGEST_PIECE_SAMPLES) {
    const cut = quietestPlace(rest, LONGEST_PIECE_SAMPLES - CUT_WITHIN_SAMPLES, LONGEST_PIECE_SAMPLES);
    pieces.push(rest.slice(0, cut));
    rest = rest.subarray(cut);
  }
  pieces.push(rest.slice());
  return pieces.filter(({ length }) => length >= LEAST_SAMPLES);
}

function quietestPlace(pcm: Float32Array, from: number, to: number): number {
  let place = to;
  let least = Infinity;
  for (let at = from; at + QUIET_SAMPLES <= to; at += FRAME_SAMPLES) {
    let energy = 0;
    for (let i = at; i < at + QUIET_SAMPLES; i++) energy += pcm[i]! * pcm[i]!;
    if (energy >= least) continue;
    least = energy;
    place = at + QUIET_SAMPLES / 2;
  }
  return place;
}
