import type { CaptureFrame } from '../ports/audio-devices.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../ports/listener.ts';
import type { ChatMessage, Llm, LlmPiece, LlmRequest, PreloadOptions, ToolRequest } from '../ports/llm.ts';
import { ParleyError } from '../contract/errors.ts';
import type { SpeechRequest, Tts } from '../ports/tts.ts';

/*
 * Ports whose engine can be exchanged while the app runs. What has begun ends with the engine that it began with; whoever exchanges
 * them sees to it that no turn is under way.
 */

export class SwappableLlm implements Llm {
  #current: Llm;
  #prepared: { messages: ChatMessage[]; options: Pick<PreloadOptions, 'tools'> } = { messages: [], options: {} };

  constructor(first: Llm) {
    this.#current = first;
  }

  generate(request: LlmRequest, options?: CallOptions): AsyncIterable<string> {
    return this.#current.generate(request, options);
  }

  /** Of the model of now. */
  async supportsTools(): Promise<boolean> {
    return (await this.#current.supportsTools?.()) ?? false;
  }

  async sentenceEnd(messages: ChatMessage[], options?: CallOptions): Promise<number | null> {
    return (await this.#current.sentenceEnd?.(messages, options)) ?? null;
  }

  converse(request: ToolRequest, options?: CallOptions): AsyncIterable<LlmPiece> {
    if (this.#current.converse) return this.#current.converse(request, options);
    throw new ParleyError({ code: 'bad-input', stage: 'think', message: 'this model knows no tools' });
  }

  preload(messages: ChatMessage[], options: PreloadOptions = {}): Promise<void> {
    this.#prepared = { messages, options: options.tools ? { tools: options.tools } : {} };
    return this.#current.preload(messages, options);
  }

  /** Computes in `next` what was last computed ahead, so that its first answer is not a cold one. */
  async prepare(next: Llm, signal: AbortSignal): Promise<void> {
    const { messages, options } = this.#prepared;
    if (messages.length > 0) await next.preload(messages, { ...options, signal });
  }

  swap(next: Llm): void {
    this.#current = next;
  }

  close(): Promise<void> {
    return this.#current.close();
  }
}

export class SwappableTts implements Tts {
  #current: Tts;

  constructor(first: Tts) {
    this.#current = first;
  }

  /** Of the voice of now. */
  get sampleRateHz(): number {
    return this.#current.sampleRateHz;
  }

  synthesize(request: SpeechRequest, options?: CallOptions): AsyncIterable<Float32Array> {
    return this.#current.synthesize(request, options);
  }

  swap(next: Tts): void {
    this.#current = next;
  }

  close(): Promise<void> {
    return this.#current.close();
  }
}

export class SwappableListener implements Listener {
  #current: Listener;
  /** Hears what the current one hears, so that it knows the last seconds when it takes over. */
  #successor: Listener | null = null;
  readonly #listeners = new Set<(event: ListenerEvent) => void>();
  #unsubscribe: () => void;

  constructor(first: Listener) {
    this.#current = first;
    this.#unsubscribe = this.#forwardFrom(first);
  }

  push(frames: CaptureFrame[]): void {
    this.#current.push(frames);
    this.#successor?.push(frames);
  }

  beginUtterance(utteranceId: number, fromSample: number, options?: { measureVoice?: boolean }): void {
    this.#current.beginUtterance(utteranceId, fromSample, options);
  }

  readUtterance(utteranceId: number, toSample: number, options?: CallOptions): Promise<UtteranceReading> {
    return this.#current.readUtterance(utteranceId, toSample, options);
  }

  endUtterance(utteranceId: number): void {
    this.#current.endUtterance(utteranceId);
  }

  async transcribe(pcm: Float32Array, options?: CallOptions): Promise<string> {
    return (await this.#current.transcribe?.(pcm, options)) ?? '';
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** `next` hears from now on; null when nobody will take over after all. */
  prepare(next: Listener | null): void {
    this.#successor = next === this.#current ? null : next;
  }

  swap(next: Listener): void {
    this.#successor = null;
    this.#unsubscribe();
    this.#current = next;
    this.#unsubscribe = this.#forwardFrom(next);
  }

  #forwardFrom(source: Listener): () => void {
    return source.onEvent((event) => {
      for (const listener of this.#listeners) listener(event);
    });
  }
}
