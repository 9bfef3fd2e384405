import { createRequire } from 'node:module';
import { ParleyError } from '../../contract/errors.ts';
import { BoundedQueue } from '../../lib/bounded-queue.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { SpeechRequest, Tts } from '../../ports/tts.ts';
import { ClauseShaper, pauseAfterMs } from './clause-shaper.ts';
import { SynthesisGate, type SynthesisTurn } from './synthesis-gate.ts';

type Sherpa = typeof import('sherpa-onnx-node');
type OfflineTts = import('sherpa-onnx-node').OfflineTts;
export type SherpaVoiceConfig = import('sherpa-onnx-node').OfflineTtsConfig['model'];

/** More sentences than a clause ever has; only a caller that gives whole paragraphs makes the engine wait. */
const WAITING_SENTENCES = 64;

export interface SherpaVoiceOptions {
  model: Omit<SherpaVoiceConfig, 'numThreads' | 'provider' | 'debug'>;
  /** Default 1. */
  threads?: number;
  speakerId?: number;
}

/**
 * A voice of sherpa-onnx. It computes sentence by sentence on a thread of its own, and abort cannot stop the sentence that is
 * being computed: the caller hears of the abort at once, the next synthesis waits for that sentence. So give it clauses.
 * The files must have been checked: sherpa-onnx ends the process on bad ones.
 */
export class SherpaVoice implements Tts {
  readonly sampleRateHz: number;
  readonly #gate = new SynthesisGate();
  readonly #speakerId: number;
  #engine: OfflineTts | undefined;

  private constructor(engine: OfflineTts, speakerId: number) {
    this.#engine = engine;
    this.sampleRateHz = engine.sampleRate;
    this.#speakerId = speakerId;
  }

  static async load(options: SherpaVoiceOptions): Promise<SherpaVoice> {
    const { model, threads = 1, speakerId = 0 } = options;
    const { OfflineTts } = createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
    const engine = await OfflineTts.createAsync({
      model: { ...model, numThreads: threads, provider: 'cpu', debug: false },
      maxNumSentences: 1,
    });
    if (speakerId >= Math.max(1, engine.numSpeakers)) {
      throw new ParleyError({
        code: 'bad-input',
        stage: 'speak',
        message: `the voice has ${engine.numSpeakers} speakers`,
      });
    }
    return new SherpaVoice(engine, speakerId);
  }

  synthesize(request: SpeechRequest, options: CallOptions = {}): AsyncIterable<Float32Array> {
    return this.#gate.run(request, options, (turn) => this.#speak(turn));
  }

  close(): Promise<void> {
    return this.#gate.close(() => {
      // The addon has no other way to free it than garbage collection.
      this.#engine = undefined;
    });
  }

  async *#speak(turn: SynthesisTurn): AsyncGenerator<Float32Array, void, undefined> {
    const { text, speed, signal } = turn;
    if (!/[\p{L}\p{N}]/u.test(text)) return;
    const sentences = new BoundedQueue<Float32Array>({ capacity: WAITING_SENTENCES, policy: 'wait' });
    const generated = this.#engine!.generateAsync({
      text,
      sid: this.#speakerId,
      speed,
      // Electron forbids buffers that V8 did not allocate.
      enableExternalBuffer: false,
      onProgress: ({ samples }) => {
        void sentences.push(Float32Array.from(samples));
        return signal.aborted ? 0 : 1;
      },
    }).finally(() => sentences.close());
    turn.holdUntil(generated);
    const iterator = sentences[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await untilAborted(iterator.next(), signal, 'speak');
        if (next.done) break;
        yield* this.#shaped(next.value, pauseAfterMs(text));
      }
      await generated;
    } finally {
      void iterator.return(undefined);
      // Reported above unless the caller has left.
      generated.catch(() => {});
    }
  }

  *#shaped(samples: Float32Array, pauseMs: number): Generator<Float32Array, void, undefined> {
    const shaper = new ClauseShaper({ sampleRateHz: this.sampleRateHz, pauseMs });
    const start = shaper.push(samples);
    const rest = shaper.end();
    const whole = new Float32Array(start.length + rest.length);
    whole.set(start);
    whole.set(rest, start.length);
    if (whole.length > 0) yield whole;
  }
}
