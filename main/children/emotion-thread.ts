import { SHARE_ENV, Worker } from 'node:worker_threads';
import { ParleyError } from '../contract/errors.ts';
import type { VoiceClaim, VoiceClaimant } from '../ports/voice-cues.ts';
import { CancelSlots } from './cancel-slots.ts';
import { splitControl } from './control-split.ts';
import { movingAudio } from './moved-audio.ts';
import { portLink } from './port-link.ts';
import { RpcPeer } from './rpc-peer.ts';
import type { EngineWorkerData } from './serve-engine.ts';

export interface EmotionConfig {
  /** Of `model.onnx` and `model.json`. */
  folder: string;
}

/** A model that needs longer for a few seconds of speech takes too much from the rest. */
const CLAIM_LIMIT_MS = 10_000;

/** A user's speech-emotion model in a thread of its own, seen from the ears. */
export class EmotionThread implements VoiceClaimant {
  readonly #worker: Worker;
  readonly #peer: RpcPeer;

  private constructor(worker: Worker, peer: RpcPeer) {
    this.#worker = worker;
    this.#peer = peer;
  }

  /** Throws what the model's file throws, and `engine-failed` when the thread dies of it. */
  static async open({ workerUrl, config }: { workerUrl: URL; config: EmotionConfig }): Promise<EmotionThread> {
    const workerData: EngineWorkerData = { config, cancelSlots: CancelSlots.allocate() };
    const worker = new Worker(workerUrl, { workerData, env: SHARE_ENV });
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const died = (cause: unknown) => reject(ParleyError.from(cause, 'listen', 'engine-failed'));
    // For as long as it lives: an error that nobody listens to would end the process.
    worker.on('error', died);
    worker.on('exit', (code) => died(new Error(`the emotion model's thread ended with code ${code}`)));
    const link = splitControl(movingAudio(portLink(worker)), (control) => {
      if (control.type === 'child:ready') resolve();
      if (control.type === 'child:start-error') reject(ParleyError.deserialise(control.error));
    });
    const peer = new RpcPeer(link, { stage: 'listen' });
    try {
      await ready;
    } catch (cause) {
      await worker.terminate();
      throw cause;
    }
    return new EmotionThread(worker, peer);
  }

  /** Of 16 kHz mono, which is moved away. Throws `call-timeout` after 10 s. */
  claim(pcm: Float32Array): Promise<VoiceClaim> {
    return this.#peer.call<VoiceClaim>('claim', pcm, { timeoutMs: CLAIM_LIMIT_MS });
  }

  async close(): Promise<void> {
    this.#peer.close();
    await this.#worker.terminate();
  }
}
