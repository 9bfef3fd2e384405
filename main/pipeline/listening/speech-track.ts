/** A window counts as speech from this probability on: the lower of those at which a turn begins … */
const SPEECH_FROM = 0.4;
/** … and goes on being speech down to this one. */
const SPEECH_UNTIL = 0.35;

/** What the VAD said about the last windows of the stream; windows begin at multiples of `windowSamples`. */
export class SpeechTrack {
  readonly windowSamples: number;
  readonly #capacity: number;
  readonly #probabilities: Float32Array;
  readonly #speech: Uint8Array;
  /** Indices of windows, first one known and one after the last. */
  #first = 0;
  #next = 0;

  constructor(options: { windowSamples: number; capacitySamples: number }) {
    this.windowSamples = options.windowSamples;
    this.#capacity = Math.ceil(options.capacitySamples / options.windowSamples) + 1;
    this.#probabilities = new Float32Array(this.#capacity);
    this.#speech = new Uint8Array(this.#capacity);
  }

  /** The end of what was judged. */
  get endSample(): number {
    return this.#next * this.windowSamples;
  }

  /** Forgets everything; the next window recorded begins at `startSample`, a multiple of `windowSamples`. */
  restart(startSample: number): void {
    this.#first = this.#next = startSample / this.windowSamples;
  }

  /** Judgement of the window that begins at `endSample`. */
  record(probability: number): void {
    const before = this.#next > this.#first && this.#isSpeech(this.#next - 1);
    const slot = this.#next % this.#capacity;
    this.#probabilities[slot] = probability;
    this.#speech[slot] = probability >= (before ? SPEECH_UNTIL : SPEECH_FROM) ? 1 : 0;
    this.#next++;
    this.#first = Math.max(this.#first, this.#next - this.#capacity);
  }

  /** Number of windows of speech that touch [fromSample, toSample). */
  speechWindows(fromSample: number, toSample: number): number {
    let count = 0;
    const [from, to] = this.#windowRange(fromSample, toSample);
    for (let i = from; i < to; i++) if (this.#isSpeech(i)) count++;
    return count;
  }

  /** Where speech begins in [fromSample, toSample); undefined without any. */
  firstSpeech(fromSample: number, toSample: number): number | undefined {
    const [from, to] = this.#windowRange(fromSample, toSample);
    for (let i = from; i < to; i++) if (this.#isSpeech(i)) return Math.max(fromSample, i * this.windowSamples);
    return undefined;
  }

  /** Where speech ends in [fromSample, toSample); undefined without any. */
  lastSpeechEnd(fromSample: number, toSample: number): number | undefined {
    const [from, to] = this.#windowRange(fromSample, toSample);
    for (let i = to - 1; i >= from; i--) if (this.#isSpeech(i)) return Math.min(toSample, (i + 1) * this.windowSamples);
    return undefined;
  }

  /** How many windows without speech the track ends with. */
  silentTailWindows(): number {
    let count = 0;
    while (this.#next - count > this.#first && !this.#isSpeech(this.#next - 1 - count)) count++;
    return count;
  }

  /** The middle of the window in [fromSample, toSample) that sounds least like speech: the best place for a cut. */
  leastSpeech(fromSample: number, toSample: number): number | undefined {
    const [from, to] = this.#windowRange(fromSample, toSample);
    let best: number | undefined;
    for (let i = from; i < to; i++) if (best === undefined || this.#at(i) <= this.#at(best)) best = i;
    return best === undefined ? undefined : best * this.windowSamples + this.windowSamples / 2;
  }

  /** Windows known that touch the range. */
  #windowRange(fromSample: number, toSample: number): [number, number] {
    const from = Math.max(this.#first, Math.floor(fromSample / this.windowSamples));
    return [from, Math.min(this.#next, Math.ceil(toSample / this.windowSamples))];
  }

  #isSpeech(index: number): boolean {
    return this.#speech[index % this.#capacity] === 1;
  }

  #at(index: number): number {
    return this.#probabilities[index % this.#capacity]!;
  }
}
