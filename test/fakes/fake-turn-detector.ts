import { checkPcm } from '../../main/engines/check-pcm.ts';
import { throwIfAborted } from '../../main/lib/abort.ts';
import { SerialQueue } from '../../main/lib/serial-queue.ts';
import type { CallOptions } from '../../main/ports/call-options.ts';
import type { TurnDetector } from '../../main/ports/turn-detector.ts';

/** Says what the test says, and remembers what it was asked about. */
export class FakeTurnDetector implements TurnDetector {
  probability: number;
  readonly asked: Float32Array[] = [];
  readonly #queue = new SerialQueue('listen');

  constructor(probability = 0.8) {
    this.probability = probability;
  }

  completeProbability(pcm: Float32Array, options: CallOptions = {}): Promise<number> {
    return this.#queue.run(async () => {
      checkPcm(pcm, 'listen');
      this.asked.push(pcm);
      await Promise.resolve();
      throwIfAborted(options.signal, 'listen');
      return this.probability;
    }, options.signal);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
