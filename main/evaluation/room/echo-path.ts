import { ROOM_RATE_HZ } from '../sound/room-sound.ts';
import { roomReflections } from './room-reflections.ts';

const FRAME = ROOM_RATE_HZ / 100;
/** From the loudspeaker to the microphone and through its converter. */
const PATH_MS = 30;
const MEMORY_SAMPLES = ROOM_RATE_HZ / 2;

/** What the microphone hears of the loudspeaker, frame by frame. */
export class EchoPath {
  readonly #taps: [lag: number, gain: number][];
  /** The newest of what was played, the last sample at the end. */
  readonly #played = new Float32Array(MEMORY_SAMPLES);

  constructor(echoDb: number) {
    const delay = (PATH_MS * ROOM_RATE_HZ) / 1000;
    this.#taps = roomReflections(echoDb).map(([lag, gain]) => [lag + delay, gain]);
  }

  /** Takes a frame that is played and adds to `microphone` what is heard at the same time. */
  pass(played: Float32Array, microphone: Float32Array): void {
    this.#played.copyWithin(0, FRAME);
    this.#played.set(played, MEMORY_SAMPLES - FRAME);
    for (const [lag, gain] of this.#taps) {
      const from = MEMORY_SAMPLES - FRAME - lag;
      for (let i = 0; i < FRAME; i++) microphone[i]! += this.#played[from + i]! * gain;
    }
  }
}
