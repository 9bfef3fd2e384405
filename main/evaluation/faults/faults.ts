import type { Clock } from '../../ports/clock.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../../ports/listener.ts';
import type { Llm } from '../../ports/llm.ts';
import type { SpeechRequest, Tts } from '../../ports/tts.ts';
import { deferred } from '../../lib/deferred.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { SceneEngines } from '../scene.ts';

/** Ways to break a stage on purpose, to see whether the evaluation finds it. */
export const FAULT_NAMES = ['asr-garbled', 'tts-silent', 'tool-failing', 'llm-slow', 'tts-slow'] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

const ADDED_DELAY_MS = 2000;
const GARBLE = ['marble', 'seventeen', 'under', 'kettle', 'purple', 'mostly'];

/** `tool-failing` is a matter of the scripted tools. */
export function breakEngines(engines: SceneEngines, faults: readonly FaultName[], clock: Clock): SceneEngines {
  let { listener, llm, tts } = engines;
  if (faults.includes('asr-garbled')) listener = new GarbledListener(listener);
  if (faults.includes('tts-silent')) tts = new SilentTts(tts);
  if (faults.includes('tts-slow')) tts = new SlowTts(tts, clock);
  if (faults.includes('llm-slow')) llm = slowLlm(llm, clock);
  return { listener, llm, tts };
}

/** Hears as many words, but others. */
export class GarbledListener implements Listener {
  readonly #listener: Listener;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  push(frames: CaptureFrame[]): void {
    this.#listener.push(frames);
  }

  beginUtterance(utteranceId: number, fromSample: number, options?: { measureVoice?: boolean }): void {
    this.#listener.beginUtterance(utteranceId, fromSample, options);
  }

  async readUtterance(utteranceId: number, toSample: number, options?: CallOptions): Promise<UtteranceReading> {
    const reading = await this.#listener.readUtterance(utteranceId, toSample, options);
    return { ...reading, text: garbled(reading.text) };
  }

  endUtterance(utteranceId: number): void {
    this.#listener.endUtterance(utteranceId);
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    return this.#listener.onEvent((event) =>
      listener(event.type === 'partial' ? { ...event, text: garbled(event.text), stableChars: 0 } : event),
    );
  }
}

function garbled(text: string): string {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, i) => GARBLE[(i + word.length) % GARBLE.length]!)
    .join(' ');
}

/** Speaks as long as the voice would, without a sound. */
export class SilentTts implements Tts {
  readonly #tts: Tts;

  constructor(tts: Tts) {
    this.#tts = tts;
  }

  get sampleRateHz(): number {
    return this.#tts.sampleRateHz;
  }

  async *synthesize(request: SpeechRequest, options?: CallOptions): AsyncIterable<Float32Array> {
    for await (const chunk of this.#tts.synthesize(request, options)) yield new Float32Array(chunk.length);
  }

  close(): Promise<void> {
    return this.#tts.close();
  }
}

/** Begins 2 s later. */
export class SlowTts implements Tts {
  readonly #tts: Tts;
  readonly #clock: Clock;

  constructor(tts: Tts, clock: Clock) {
    this.#tts = tts;
    this.#clock = clock;
  }

  get sampleRateHz(): number {
    return this.#tts.sampleRateHz;
  }

  async *synthesize(request: SpeechRequest, options: CallOptions = {}): AsyncIterable<Float32Array> {
    await delay(this.#clock, options, 'speak');
    yield* this.#tts.synthesize(request, options);
  }

  close(): Promise<void> {
    return this.#tts.close();
  }
}

function slowLlm(llm: Llm, clock: Clock): Llm {
  const slowed = <Args extends unknown[], T>(
    call: (...args: Args) => AsyncIterable<T>,
    optionsOf: (args: Args) => CallOptions,
  ) =>
    async function* (...args: Args): AsyncIterable<T> {
      await delay(clock, optionsOf(args), 'think');
      yield* call(...args);
    };
  return {
    ...(llm.converse ? { converse: slowed(llm.converse.bind(llm), ([, options]) => options ?? {}) } : {}),
    ...(llm.supportsTools ? { supportsTools: llm.supportsTools.bind(llm) } : {}),
    ...(llm.sentenceEnd ? { sentenceEnd: llm.sentenceEnd.bind(llm) } : {}),
    generate: slowed(llm.generate.bind(llm), ([, options]) => options ?? {}),
    preload: llm.preload.bind(llm),
    close: () => llm.close(),
  };
}

async function delay(clock: Clock, { signal }: CallOptions, stage: 'speak' | 'think'): Promise<void> {
  const over = deferred<void>();
  const cancel = clock.schedule(ADDED_DELAY_MS, () => over.resolve());
  await untilAborted(over.promise, signal, stage).finally(cancel);
}
