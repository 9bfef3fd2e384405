interface Segment {
  startChar: number;
  endChar: number;
  startSample: number;
  endSample: number;
}

/**
 * Which words of an answer have left the loudspeaker. The only source for history, transcript and records: never what was generated,
 * sent or received.
 */
export class PlayedLedger {
  #segments: Segment[] = [];
  #queuedSamples = 0;

  get queuedSamples(): number {
    return this.#queuedSamples;
  }

  /** Audio of the text `startChar…endChar` was queued; several chunks of one clause add up. */
  queue(clause: { startChar: number; endChar: number }, samples: number): void {
    const startSample = this.#queuedSamples;
    this.#queuedSamples += samples;
    const last = this.#segments.at(-1);
    if (last && last.startChar === clause.startChar && last.endChar === clause.endChar) {
      last.endSample = this.#queuedSamples;
      return;
    }
    this.#segments.push({ ...clause, startSample, endSample: this.#queuedSamples });
  }

  /**
   * Length of the prefix of `text` that was heard when `playedSamples` were played, cut at a word: characters are taken as evenly
   * spread over their clause, and a word counts when more than half of it was heard.
   */
  heardChars(text: string, playedSamples: number): number {
    const segment = this.#segments.findLast((each) => each.startSample < playedSamples);
    if (!segment) return 0;
    if (playedSamples >= segment.endSample) return trimmedEnd(text, segment.endChar);
    const share = (playedSamples - segment.startSample) / (segment.endSample - segment.startSample);
    const position = segment.startChar + share * (segment.endChar - segment.startChar);
    return lastHeardWordEnd(text, segment, position);
  }
}

function lastHeardWordEnd(text: string, segment: Segment, position: number): number {
  let heard = trimmedEnd(text, segment.startChar);
  for (const match of text.slice(segment.startChar, segment.endChar).matchAll(/\S+/g)) {
    const start = segment.startChar + match.index;
    const end = start + match[0].length;
    if (position < (start + end) / 2) break;
    heard = end;
  }
  return heard;
}

function trimmedEnd(text: string, endChar: number): number {
  return text.slice(0, endChar).trimEnd().length;
}
