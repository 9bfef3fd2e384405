import { WavWriter } from '../../audio/wav-writer.ts';
import { SOUND_THRESHOLD, type Wire } from '../sound/sound.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';

const FRAME = ROOM_RATE_HZ / 100;
const FIRST_SECONDS = 60;

/** Both sides of a session on one clock; grows as long as it is written to. */
export class Recording {
  readonly #microphone = new GrowingSamples();
  readonly #loudspeaker = new GrowingSamples();
  /** For each 10 ms of the loudspeaker, whether there was sound. */
  readonly #loud: boolean[] = [];

  /** `at`: of the recording. */
  writeMicrophone(at: number, frame: Float32Array): void {
    this.#microphone.write(at, frame);
  }

  /** Frame after frame. */
  addLoudspeaker(frame: Float32Array): void {
    this.#loudspeaker.write(this.#loud.length * FRAME, frame);
    this.#loud.push(frame.some((sample) => Math.abs(sample) > SOUND_THRESHOLD));
  }

  /** Samples of the loudspeaker so far. */
  get length(): number {
    return this.#loud.length * FRAME;
  }

  get loudspeaker(): Wire {
    return { samples: this.#loudspeaker.all, sampleRateHz: ROOM_RATE_HZ };
  }

  /** How many of the newest frames were silent. */
  get silentFrames(): number {
    const last = this.#loud.lastIndexOf(true);
    return this.#loud.length - 1 - last;
  }

  /** How many frames since that sample had sound. */
  loudFramesSince(sample: number): number {
    let count = 0;
    for (let frame = Math.ceil(sample / FRAME); frame < this.#loud.length; frame++) if (this.#loud[frame]) count++;
    return count;
  }

  /** A WAV file: left the microphone, right the loudspeaker. */
  save(filePath: string): void {
    const loudspeaker = this.#loudspeaker.all;
    const microphone = new Float32Array(loudspeaker.length);
    microphone.set(this.#microphone.all.subarray(0, loudspeaker.length));
    const writer = new WavWriter({ filePath, sampleRateHz: ROOM_RATE_HZ, channels: 2 });
    writer.write(microphone, loudspeaker);
    writer.close();
  }
}

class GrowingSamples {
  #samples = new Float32Array(FIRST_SECONDS * ROOM_RATE_HZ);
  #length = 0;

  write(at: number, samples: Float32Array): void {
    const end = at + samples.length;
    if (end > this.#samples.length) {
      const larger = new Float32Array(2 * end);
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples.set(samples, at);
    this.#length = Math.max(this.#length, end);
  }

  get all(): Float32Array {
    return this.#samples.subarray(0, this.#length);
  }
}
