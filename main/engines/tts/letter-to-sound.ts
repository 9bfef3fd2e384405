import { openOnnxSession, Tensor, type InferenceSession } from '../onnx.ts';

export interface LetterAlphabet {
  in: string[];
  out: string[];
  maxlen: number;
}

const BLANK = 0;
const CACHE_ENTRIES = 2000;

/**
 * Guesses how a word that is in no dictionary sounds: a small character network (oov.onnx and oov.json of hibari-tts 0.2.1), with
 * letters in as `chars [1,n] i64` and symbols out aligned to them (repeats collapse, 0 is blank). About 1 ms a word; cached.
 */
export class LetterToSound {
  readonly #session: InferenceSession;
  readonly #letters: Map<string, number>;
  readonly #symbols: string[];
  readonly #longestWord: number;
  readonly #known = new Map<string, string>();

  private constructor(session: InferenceSession, alphabet: LetterAlphabet) {
    this.#session = session;
    this.#letters = new Map(alphabet.in.map((letter, i) => [letter, i + 1]));
    this.#symbols = ['', ...alphabet.out];
    this.#longestWord = alphabet.maxlen;
  }

  /** Throws `model-missing` or `model-corrupt`. */
  static async load(files: { modelPath: string; alphabet: LetterAlphabet }): Promise<LetterToSound> {
    return new LetterToSound(await openOnnxSession(files.modelPath, { threads: 1, stage: 'speak' }), files.alphabet);
  }

  /** Phonemes of one word, or "" when it holds no letter that the network knows. */
  async pronounce(word: string): Promise<string> {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const phonemes = await this.#infer(word);
    if (this.#known.size >= CACHE_ENTRIES) this.#known.clear();
    this.#known.set(word, phonemes);
    return phonemes;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  async #infer(word: string): Promise<string> {
    const ids = [...word].map((letter) => this.#letters.get(letter) ?? 0).filter((id) => id > 0);
    if (ids.length === 0) return '';
    const chars = BigInt64Array.from(ids.slice(0, this.#longestWord), BigInt);
    const results = await this.#session.run({ chars: new Tensor('int64', chars, [1, chars.length]) });
    const aligned = results[this.#session.outputNames[0]!]!.data as BigInt64Array | Int32Array;
    let phonemes = '';
    let previous = BLANK;
    for (const raw of aligned) {
      const symbol = Number(raw);
      if (symbol !== previous && symbol !== BLANK) phonemes += this.#symbols[symbol] ?? '';
      previous = symbol;
    }
    return phonemes;
  }
}
