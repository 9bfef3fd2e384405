import type { CaptureFrame } from '../ports/audio-devices.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../ports/listener.ts';
import type { BegunUtterance, PushedAudio, ReadRequest } from './listen-service.ts';
import type { RpcClient } from './rpc-peer.ts';

/**
 * Audio goes over when it reaches a multiple of this, the window of the VAD: before that the child could do nothing with it, and
 * 31 messages a second cost a third of 100.
 */
const BATCH_SAMPLES = 512;
const READ_TIMEOUT_MS = 5000;
const TRANSCRIBE_TIMEOUT_MS = 30_000;

/**
 * The ears in the `listen` child, seen from the app. While the child is away, audio is lost; after its restart it hears from the
 * next frame on and knows no utterance: readings of one that was open reject with `bad-input`.
 */
export class ListenClient implements Listener {
  readonly #rpc: RpcClient;
  readonly #readTimeoutMs: number;
  #frames: CaptureFrame[] = [];
  #pendingSamples = 0;

  constructor(options: { rpc: RpcClient; /** Deadline of a reading. Default 5 s. */ readTimeoutMs?: number }) {
    this.#rpc = options.rpc;
    this.#readTimeoutMs = options.readTimeoutMs ?? READ_TIMEOUT_MS;
  }

  push(frames: CaptureFrame[]): void {
    for (const frame of frames) {
      const last = this.#frames.at(-1);
      if (last && last.startSample + last.samples.length !== frame.startSample) this.#flush();
      this.#frames.push(frame);
      this.#pendingSamples += frame.samples.length;
      if (reachesNextBatch(frame)) this.#flush();
    }
  }

  beginUtterance(utteranceId: number, fromSample: number, { measureVoice = false } = {}): void {
    const begun: BegunUtterance = { utteranceId, fromSample, ...(measureVoice ? { measureVoice } : {}) };
    this.#rpc.notify('beginUtterance', begun);
  }

  /** Throws `call-timeout` after the deadline, `cancelled` on abort, and whatever ended the child. */
  readUtterance(utteranceId: number, toSample: number, options: CallOptions = {}): Promise<UtteranceReading> {
    this.#flush();
    const request: ReadRequest = { utteranceId, toSample };
    return this.#rpc.call('readUtterance', request, { ...options, timeoutMs: this.#readTimeoutMs });
  }

  /** Nobody waits for it: it may stand behind readings of what the user says. */
  transcribe(pcm: Float32Array, options: CallOptions = {}): Promise<string> {
    return this.#rpc.call('transcribe', pcm, { ...options, timeoutMs: TRANSCRIBE_TIMEOUT_MS });
  }

  endUtterance(utteranceId: number): void {
    this.#rpc.notify('endUtterance', utteranceId);
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    return this.#rpc.onNotify('event', listener);
  }

  #flush(): void {
    const first = this.#frames[0];
    if (!first) return;
    const samples = new Float32Array(this.#pendingSamples);
    for (const frame of this.#frames) samples.set(frame.samples, frame.startSample - first.startSample);
    this.#frames = [];
    this.#pendingSamples = 0;
    const audio: PushedAudio = { startSample: first.startSample, samples };
    this.#rpc.notify('push', audio);
  }
}

function reachesNextBatch({ startSample, samples }: CaptureFrame): boolean {
  const batch = (sample: number) => Math.floor(sample / BATCH_SAMPLES);
  return batch(startSample + samples.length) > batch(startSample);
}
