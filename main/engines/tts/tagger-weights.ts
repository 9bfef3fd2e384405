import type { TaggerData } from './part-of-speech.ts';

const WEIGHTS = ',"weights":{';

/**
 * Reads tagger.json of hibari-tts 0.2.1. Its 79,534 small tables of weights, of which a sentence needs a few dozen, are not parsed but
 * found: 40 ms instead of 340 of the voice's start. Throws SyntaxError when it is not JSON of that shape.
 */
export function readTagger(json: string): TaggerData {
  const at = json.lastIndexOf(WEIGHTS);
  if (at < 0) throw new SyntaxError('no weights');
  const { tags, tagdict, vocab } = JSON.parse(`${json.slice(0, at)}}`) as Omit<TaggerData, 'weights'>;
  return { tags, tagdict, vocab, weights: new FoundWeights(json, at + WEIGHTS.length) };
}

class FoundWeights {
  readonly #json: string;
  /** Where the table of a feature begins, by the feature's name as it is written, with its quotes. */
  readonly #places = new Map<string, number>();
  readonly #parsed = new Map<string, Record<string, number>>();

  constructor(json: string, from: number) {
    this.#json = json;
    // Tables have tags for keys and numbers for values: the next brace ends them.
    for (let at = json.indexOf('"', from); at >= 0; at = json.indexOf('"', at)) {
      const colon = json.indexOf(':{', at);
      const end = colon < 0 ? -1 : json.indexOf('}', colon);
      if (end < 0) throw new SyntaxError('a table is cut off');
      this.#places.set(json.slice(at, colon), colon + 1);
      at = end;
    }
  }

  of(feature: string): Readonly<Record<string, number>> | undefined {
    const known = this.#parsed.get(feature);
    if (known) return known;
    const at = this.#places.get(JSON.stringify(feature));
    if (at === undefined) return undefined;
    const table = JSON.parse(this.#json.slice(at, this.#json.indexOf('}', at) + 1)) as Record<string, number>;
    this.#parsed.set(feature, table);
    return table;
  }
}
