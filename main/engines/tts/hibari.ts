import { join } from 'node:path';
import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import { ParleyError } from '../../contract/errors.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { SpeechRequest, Tts } from '../../ports/tts.ts';
import { openOnnxSession, Tensor, type InferenceSession } from '../onnx.ts';
import { ClauseShaper, pauseAfterMs } from './clause-shaper.ts';
import { loadPronunciation, type Pronunciation } from './hibari-pronunciation.ts';
import { KOKORO_SYMBOL_IDS } from './kokoro-symbols.ts';
import { phonemeRuns } from './phoneme-runs.ts';
import { SPECTRAL_RATE_HZ, SpectralSynthesis, type SpectralParts } from './spectral-synthesis.ts';
import { SynthesisGate, type SynthesisTurn } from './synthesis-gate.ts';

export interface HibariOptions {
  /** Holds the network. */
  folder: string;
  /** Holds the American pronunciation data of hibari-tts 0.2.1. Default: the same folder. */
  pronunciationFolder?: string;
  /** File of the network in the folder. Default hibari.onnx. */
  modelFile?: string;
  /** Default 1: two threads gain 30% and take the core that the language model wants. */
  threads?: number;
}

const INPUTS = ['ids', 'speed'];
const OUTPUTS = ['lh', 'theta', 'ln', 'lr', 'phi', 'f0'] as const;
const BINS = 601;
/** Stands at both ends of the phoneme ids. */
const PAD = 0;
const WARM_UP_TEXT = 'Ready when you are.';

/**
 * The default voice: text → phonemes → one small network (7.9 MB) → our inverse STFT. 24 kHz.
 * The network computes a whole clause at once; the waveform then leaves in blocks of half a second, so the first audio is
 * there after about two thirds of the time. Six words cost about 31 ms of CPU in all on a 2.5 GHz Xeon core.
 */
export class HibariTts implements Tts {
  readonly sampleRateHz = SPECTRAL_RATE_HZ;
  readonly #gate = new SynthesisGate();
  readonly #network: InferenceSession;
  readonly #pronunciation: Pronunciation;
  readonly #spectral: SpectralSynthesis;

  private constructor(parts: { network: InferenceSession; pronunciation: Pronunciation; spectral: SpectralSynthesis }) {
    this.#network = parts.network;
    this.#pronunciation = parts.pronunciation;
    this.#spectral = parts.spectral;
  }

  /**
   * Opens the voice and speaks a sentence to nobody, so that the first real one is not the slow one (JIT: 80 ms more).
   * Throws `model-missing` or `model-corrupt` with the file's name.
   */
  static async load(options: HibariOptions): Promise<HibariTts> {
    const { folder, pronunciationFolder = folder, modelFile = 'hibari.onnx', threads = 1 } = options;
    const network = await openOnnxSession(join(folder, modelFile), { threads, stage: 'speak' });
    if (
      !INPUTS.every((name) => network.inputNames.includes(name)) ||
      !OUTPUTS.every((name) => network.outputNames.includes(name))
    ) {
      throw new ParleyError({
        code: 'model-corrupt',
        stage: 'speak',
        message: 'not a hibari network',
        detail: modelFile,
      });
    }
    const voice = new HibariTts({
      network,
      pronunciation: await loadPronunciation(pronunciationFolder),
      spectral: await SpectralSynthesis.create(),
    });
    for await (const _ of voice.synthesize({ text: WARM_UP_TEXT }));
    return voice;
  }

  /** Abort takes effect between the steps: at most one run of the network (20 ms for six words) later. */
  synthesize(request: SpeechRequest, options: CallOptions = {}): AsyncIterable<Float32Array> {
    return this.#gate.run(request, options, (turn) => this.#speak(turn));
  }

  /** Phonemes of a text in the voice's alphabet; "" when there is nothing to say. */
  phonemes(text: string): Promise<string> {
    return this.#pronunciation.read(text);
  }

  close(): Promise<void> {
    return this.#gate.close(async () => {
      this.#spectral.dispose();
      await this.#pronunciation.release();
      await this.#network.release();
    });
  }

  async *#speak({ text, speed, phonemes, signal }: SynthesisTurn): AsyncGenerator<Float32Array, void, undefined> {
    for (const run of phonemeRuns(await this.#pronunciation.read(text, phonemes))) {
      throwIfAborted(signal, 'speak');
      const parts = await this.#infer(run, speed);
      const shaper = new ClauseShaper({ sampleRateHz: this.sampleRateHz, pauseMs: pauseAfterMs(run) });
      for (const block of this.#spectral.synthesize(parts)) {
        // Lets a cancel message of the app be received.
        await nextTurnOfTheLoop();
        throwIfAborted(signal, 'speak');
        const chunk = shaper.push(block);
        if (chunk.length > 0) yield chunk;
      }
      const rest = shaper.end();
      if (rest.length > 0) yield rest;
    }
  }

  async #infer(phonemes: string, speed: number): Promise<SpectralParts> {
    const ids = [...phonemes].map((symbol) => KOKORO_SYMBOL_IDS.get(symbol)).filter((id) => id !== undefined);
    const padded = BigInt64Array.from([PAD, ...ids, PAD], BigInt);
    const results = await this.#network.run({
      ids: new Tensor('int64', padded, [1, padded.length]),
      speed: new Tensor('float32', Float32Array.of(speed), [1]),
    });
    const matrix = (name: (typeof OUTPUTS)[number]): Float32Array => results[name]!.data as Float32Array;
    const pitchHz = matrix('f0');
    if (matrix('lh').length !== pitchHz.length * BINS) {
      throw new ParleyError({
        code: 'engine-failed',
        stage: 'speak',
        message: 'the voice made spectra of an unknown shape',
      });
    }
    return {
      frames: pitchHz.length,
      harmonicLog: matrix('lh'),
      harmonicTurn: matrix('theta'),
      noiseLog: matrix('ln'),
      restLog: matrix('lr'),
      restPhase: matrix('phi'),
      pitchHz,
    };
  }
}
