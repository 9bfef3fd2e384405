import { checkPcm } from '../../main/engines/check-pcm.ts';
import { throwIfAborted } from '../../main/lib/abort.ts';
import { deferred } from '../../main/lib/deferred.ts';
import { SerialQueue } from '../../main/lib/serial-queue.ts';
import { untilAborted } from '../../main/lib/until-aborted.ts';
import type { Asr, AsrOptions, Transcript } from '../../main/ports/asr.ts';

/** Samples of loud audio that make one word. */
export const SAMPLES_PER_WORD = 3200;
const LOUD = 0.05;

export interface FakeAsrOptions {
  /** What is heard in audio; default: "one two three …", a word for each 0.2 s of loud audio. */
  hear?: (pcm: Float32Array) => string;
  maxSegmentSeconds?: number;
}

/** A recogniser that counts sound, and takes as long as the test wants. */
export class FakeAsr implements Asr {
  readonly maxSegmentSeconds: number;
  /** Every call that began, with the audio it got. */
  readonly calls: { pcm: Float32Array; options: AsrOptions }[] = [];
  cancelled = 0;
  readonly #hear: (pcm: Float32Array) => string;
  readonly #queue = new SerialQueue('listen');
  #hold: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(options: FakeAsrOptions = {}) {
    this.#hear = options.hear ?? countedWords;
    this.maxSegmentSeconds = options.maxSegmentSeconds ?? 15;
  }

  /** Calls from now on wait until the returned function is called (or they are aborted). */
  hold(): () => void {
    const released = deferred<void>();
    this.#hold = released.promise;
    return () => {
      this.#hold = undefined;
      released.resolve();
    };
  }

  /** Calls throw from now on; undefined ends it. */
  failWith(error: Error | undefined): void {
    this.#failure = error;
  }

  transcribe(pcm: Float32Array, options: AsrOptions = {}): Promise<Transcript> {
    return this.#queue.run(async () => {
      checkPcm(pcm, 'listen');
      this.calls.push({ pcm, options });
      try {
        await untilAborted(this.#hold ?? Promise.resolve(), options.signal, 'listen');
        throwIfAborted(options.signal, 'listen');
      } catch (error) {
        this.cancelled++;
        throw error;
      }
      if (this.#failure) throw this.#failure;
      return { text: this.#hear(pcm) };
    }, options.signal);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');

function countedWords(pcm: Float32Array): string {
  const loud = pcm.filter((sample) => Math.abs(sample) >= LOUD).length;
  const words = Math.round(loud / SAMPLES_PER_WORD);
  return Array.from({ length: words }, (_, i) => NUMBERS[i % NUMBERS.length]).join(' ');
}
