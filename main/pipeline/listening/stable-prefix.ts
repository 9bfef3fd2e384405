/** A word is stable when it, and all before it, stood in this many partials one after the other … */
const MIN_PARTIALS = 2;
/** … the first of which had heard this much less audio: recognisers still change their mind about the last words. */
const MIN_AGE_SAMPLES = 9600;

interface Word {
  text: string;
  /** Partials in which it stood unchanged. */
  seen: number;
  /** End of the audio of the first of them. */
  sinceSample: number;
}

export interface StableText {
  text: string;
  /** Length of the part of `text` that later results will not change. */
  stableChars: number;
}

/** Turns successive transcripts of a growing piece of audio into text whose beginning settles. */
export class StablePrefix {
  #words: Word[] = [];
  #stableWords = 0;

  /** The newest transcript, of audio that ends at `endSample`. Words that are stable stay even when it differs there. */
  update(transcript: string, endSample: number): StableText {
    const heard = transcript.split(/\s+/).filter((word) => word !== '');
    const stable = this.#words.slice(0, this.#stableWords);
    const rest = heard.slice(matchedWords(stable, heard));
    const tail = rest.map((text, i) => this.#carryOn(text, this.#stableWords + i, endSample));
    forgetAfterFirstNew(tail, endSample);
    this.#words = [...stable, ...tail];
    // The last word is never stable: more sound may still belong to it.
    while (this.#stableWords < this.#words.length - 1 && isOld(this.#words[this.#stableWords]!, endSample)) {
      this.#stableWords++;
    }
    const text = (words: Word[]) => words.map((word) => word.text).join(' ');
    return { text: text(this.#words), stableChars: text(this.#words.slice(0, this.#stableWords)).length };
  }

  #carryOn(text: string, index: number, endSample: number): Word {
    const before = this.#words[index];
    if (before?.text !== text) return { text, seen: 1, sinceSample: endSample };
    return { ...before, seen: before.seen + 1 };
  }
}

/** A word after a changed one counts from now on, even if it looks the same. */
function forgetAfterFirstNew(words: Word[], endSample: number): void {
  const firstNew = words.findIndex((word) => word.seen === 1);
  if (firstNew < 0) return;
  for (const word of words.slice(firstNew)) {
    word.seen = 1;
    word.sinceSample = endSample;
  }
}

function isOld(word: Word, endSample: number): boolean {
  return word.seen >= MIN_PARTIALS && endSample - word.sinceSample >= MIN_AGE_SAMPLES;
}

/** How many words of `heard` say what the stable words say: the prefix with the smallest edit distance to them. */
function matchedWords(stable: Word[], heard: string[]): number {
  if (stable.every((word, i) => word.text === heard[i])) return stable.length;
  let costs = Array.from({ length: heard.length + 1 }, (_, i) => i);
  for (const [row, word] of stable.entries()) {
    const next = [row + 1];
    for (const [column, other] of heard.entries()) {
      const same = bare(word.text) === bare(other) ? 0 : 1;
      next.push(Math.min(costs[column]! + same, costs[column + 1]! + 1, next[column]! + 1));
    }
    costs = next;
  }
  return costs.indexOf(Math.min(...costs));
}

const bare = (word: string): string => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
