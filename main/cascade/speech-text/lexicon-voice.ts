import type { LexiconEntry } from '../../contract/guardrails.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { SpeechRequest, Tts } from '../../ports/tts.ts';
import { Lexicon } from './lexicon.ts';

/** A voice that says the user's words as the user says them. What is shown stays as it was written. */
export class LexiconVoice implements Tts {
  readonly #voice: Tts;
  readonly #takesPhonemes: () => boolean;
  #lexicon = new Lexicon([]);

  /** `takesPhonemes`: whether the voice of now does. */
  constructor(voice: Tts, { takesPhonemes }: { takesPhonemes(): boolean }) {
    this.#voice = voice;
    this.#takesPhonemes = takesPhonemes;
  }

  get sampleRateHz(): number {
    return this.#voice.sampleRateHz;
  }

  /** Holds from the next synthesis on. */
  setEntries(entries: readonly LexiconEntry[]): void {
    this.#lexicon = new Lexicon(entries);
  }

  synthesize(request: SpeechRequest, options?: CallOptions): AsyncIterable<Float32Array> {
    return this.#voice.synthesize({ ...request, ...this.#spoken(request.text) }, options);
  }

  /** The same text with another lexicon, to be listened to before it is kept. */
  synthesizeWith(entries: readonly LexiconEntry[], text: string, options?: CallOptions): AsyncIterable<Float32Array> {
    return this.#voice.synthesize(new Lexicon(entries).apply(text, { phonemes: this.#takesPhonemes() }), options);
  }

  #spoken(text: string): ReturnType<Lexicon['apply']> {
    return this.#lexicon.apply(text, { phonemes: this.#takesPhonemes() });
  }

  close(): Promise<void> {
    return this.#voice.close();
  }
}
