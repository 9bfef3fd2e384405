/** How fast people and models speak, in characters a second; only used until the length of the audio is known. */
const TYPICAL_CHARS_PER_SECOND = 15;

/**
 * How much of an answer was heard, where text and audio come as two streams that nothing joins: a speech-to-speech model sends its words
 * ahead of its sound. Once all audio is there, characters are taken as evenly spread over it; before that, as spoken at a typical pace.
 * Only an estimate, to a word or two: what was heard for certain is the recogniser's business.
 */
export class StreamedLedger {
  readonly #sampleRateHz: number;
  #queuedSamples = 0;
  #isWhole = false;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  get queuedSamples(): number {
    return this.#queuedSamples;
  }

  queue(samples: number): void {
    this.#queuedSamples += samples;
  }

  /** No more audio will come. */
  complete(): void {
    this.#isWhole = true;
  }

  /** Length of the prefix of `text` that was heard, cut at the end of a word. */
  heardChars(text: string, playedSamples: number): number {
    if (playedSamples <= 0) return 0;
    if (this.#isWhole && playedSamples >= this.#queuedSamples) return text.trimEnd().length;
    const position = this.#isWhole
      ? (text.length * playedSamples) / this.#queuedSamples
      : (TYPICAL_CHARS_PER_SECOND * playedSamples) / this.#sampleRateHz;
    let heard = 0;
    for (const match of text.matchAll(/\S+/g)) {
      const end = match.index + match[0].length;
      if (position < (match.index + end) / 2) break;
      heard = end;
    }
    return heard;
  }
}
