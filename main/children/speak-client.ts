import { ParleyError } from '../contract/errors.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { SpeechRequest, Tts } from '../ports/tts.ts';
import type { RpcClient } from './rpc-peer.ts';
import type { VoiceDescription } from './speak-service.ts';

/** A clause of 20 words takes the slowest supported voice about 12 s on two old cores, but that voice is for pre-rendering; the
 * default voice takes 0.1 s. */
export const SPEAK_CHUNK_DEADLINE_MS = 10_000;

export interface SpeakClientOptions {
  /** Rate of the voice, which is known from its catalogue entry before the child has started. */
  sampleRateHz: number;
  /** Longest wait for the next chunk. Default 10 s. */
  chunkDeadlineMs?: number;
}

/** The voice in the speak child, as the app sees it. The child belongs to whoever started it: closing ends calls, not the child. */
export class SpeakClient implements Tts {
  readonly sampleRateHz: number;
  readonly #client: RpcClient;
  readonly #chunkDeadlineMs: number;
  readonly #closing = new AbortController();

  constructor(client: RpcClient, options: SpeakClientOptions) {
    this.#client = client;
    this.sampleRateHz = options.sampleRateHz;
    this.#chunkDeadlineMs = options.chunkDeadlineMs ?? SPEAK_CHUNK_DEADLINE_MS;
  }

  /** Asks a running child for the rate of its voice. Throws what a call throws (`child-exited`, `call-timeout`). */
  static async connect(client: RpcClient, options: { chunkDeadlineMs?: number } = {}): Promise<SpeakClient> {
    const timeoutMs = options.chunkDeadlineMs ?? SPEAK_CHUNK_DEADLINE_MS;
    const { sampleRateHz } = await client.call<VoiceDescription>('describe', {}, { timeoutMs });
    return new SpeakClient(client, { ...options, sampleRateHz });
  }

  /** Throws `call-timeout` when the child is silent for longer than the deadline of a chunk. */
  synthesize(request: SpeechRequest, options: CallOptions = {}): AsyncIterable<Float32Array> {
    const closing = this.#closing.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, closing]) : closing;
    return this.#client.stream<Float32Array>('synthesize', request, { signal, timeoutMs: this.#chunkDeadlineMs });
  }

  async close(): Promise<void> {
    this.#closing.abort(new ParleyError({ code: 'queue-closed', stage: 'speak', message: 'the voice is closed' }));
  }
}
