import type { Tts, SpeechRequest } from '../../../main/ports/tts.ts';

const RATE_HZ = 16_000;
const LOUD = 0.02;

/** A language of tones: each text has a pitch of its own, so that fakes can understand a recording. */
export class ToneLanguage {
  readonly #texts: string[] = [];

  /** 60 ms a word, 600 ms at least. */
  speak(text: string): Float32Array {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    const hz = hzOf(this.#texts.indexOf(text));
    const seconds = Math.max(0.6, text.split(' ').length * 0.2);
    return Float32Array.from({ length: seconds * RATE_HZ }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hz * i) / RATE_HZ));
  }

  /** "" for silence. */
  understand(samples: Float32Array): string {
    const from = samples.findIndex((sample) => Math.abs(sample) > LOUD);
    const to = samples.findLastIndex((sample) => Math.abs(sample) > LOUD);
    if (to - from < 800) return '';
    let crossings = 0;
    for (let i = from + 1; i < to; i++) if (samples[i - 1]! < 0 && samples[i]! >= 0) crossings++;
    const hz = (crossings * RATE_HZ) / (to - from);
    const index = Math.round((hz - hzOf(0)) / (hzOf(1) - hzOf(0)));
    return this.#texts[index] ?? '';
  }

  get voice(): Tts {
    const speak = this.speak.bind(this);
    return {
      sampleRateHz: RATE_HZ,
      async *synthesize({ text }: SpeechRequest) {
        yield speak(text);
      },
      close: () => Promise.resolve(),
    };
  }
}

const hzOf = (index: number): number => 300 + 60 * index;
