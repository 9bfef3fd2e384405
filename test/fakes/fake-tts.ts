import { ClauseShaper, pauseAfterMs } from '../../main/engines/tts/clause-shaper.ts';
import { SynthesisGate, type SynthesisTurn } from '../../main/engines/tts/synthesis-gate.ts';
import { deferred } from '../../main/lib/deferred.ts';
import { untilAborted } from '../../main/lib/until-aborted.ts';
import type { CallOptions } from '../../main/ports/call-options.ts';
import type { SpeechRequest, Tts } from '../../main/ports/tts.ts';

const LEADING_SILENCE_SECONDS = 0.15;

export interface FakeTtsOptions {
  /** Default 24 kHz. */
  sampleRateHz?: number;
  /** Default 300 ms. */
  wordMs?: number;
}

/** A voice that hums: a tone for each word, higher for longer words, and one chunk for each word. */
export class FakeTts implements Tts {
  readonly sampleRateHz: number;
  /** What was asked, in the order in which the work began. */
  readonly spoken: string[] = [];
  readonly #wordMs: number;
  readonly #gate = new SynthesisGate();
  #hold: { afterWords: number; released: Promise<void> } | undefined;
  #failure: { afterWords: number; error: Error } | undefined;

  constructor(options: FakeTtsOptions = {}) {
    this.sampleRateHz = options.sampleRateHz ?? 24_000;
    this.#wordMs = options.wordMs ?? 300;
  }

  /** The next synthesis waits after so many words until the returned function is called (or it is aborted). */
  holdNext(afterWords = 0): () => void {
    const released = deferred<void>();
    this.#hold = { afterWords, released: released.promise };
    return () => released.resolve();
  }

  /** The next synthesis throws after so many words. */
  failNext(error: Error, afterWords = 0): void {
    this.#failure = { afterWords, error };
  }

  synthesize(request: SpeechRequest, options: CallOptions = {}): AsyncIterable<Float32Array> {
    return this.#gate.run(request, options, (turn) => this.#speak(turn));
  }

  close(): Promise<void> {
    return this.#gate.close(() => {});
  }

  async *#speak({ text, speed, signal }: SynthesisTurn): AsyncGenerator<Float32Array, void, undefined> {
    this.spoken.push(text);
    const hold = this.#hold;
    const failure = this.#failure;
    this.#hold = undefined;
    this.#failure = undefined;
    const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    const shaper = new ClauseShaper({ sampleRateHz: this.sampleRateHz, pauseMs: pauseAfterMs(text) });
    // Real voices begin with silence too.
    shaper.push(new Float32Array(Math.round(LEADING_SILENCE_SECONDS * this.sampleRateHz)));
    for (const [i, word] of words.entries()) {
      if (hold?.afterWords === i) await untilAborted(hold.released, signal, 'speak');
      if (failure?.afterWords === i) throw failure.error;
      const chunk = shaper.push(this.#hum(word, speed));
      if (chunk.length > 0) yield chunk;
    }
    const rest = shaper.end();
    if (rest.length > 0) yield rest;
  }

  #hum(word: string, speed: number): Float32Array {
    const samples = Math.round((this.#wordMs * this.sampleRateHz) / (1000 * speed));
    const turn = (2 * Math.PI * (150 + 20 * word.length)) / this.sampleRateHz;
    return Float32Array.from({ length: samples }, (_, i) => 0.3 * Math.sin(turn * i));
  }
}
