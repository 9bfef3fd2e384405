import { CAPTURE_FRAME_SAMPLES } from '../../contract/audio-format.ts';
import type { EchoWindow } from './echo-meter.ts';
import { powerToDbfs } from './room-levels.ts';

/** The loudspeaker sounds above this; so much of its sound (pauses apart) has to go unheard, as the latest echo is 0.4 s behind. */
const SOUNDING_DBFS = -45;
const NO_ECHO_FRAMES = 45;
/** A voice detector hears speech that is softer than what people would call audible: anything that stands out of the room counts. */
const ABOVE_ROOM_DB = 8;
/** What comes in goes up and down with what is played: an echo after all (somebody has taken the headphones off). */
const ECHO_LIKENESS = 0.6;

/**
 * Whether the loudspeaker is heard by the microphone at all. With a headset it is not, and then nothing must be done to the user's voice: the
 * canceller suppresses the first 150 ms of whoever speaks into the first answers, until it has understood that there is no echo
 * ("Stop, wait." was heard as "And wait.", and took 305 instead of 160 ms to be obeyed).
 */
export class EchoPresence {
  #unheardFrames = 0;
  #isAbsent = false;

  /** Known to be none. */
  get isAbsent(): boolean {
    return this.#isAbsent;
  }

  /** Another device or room. */
  forget(): void {
    this.#unheardFrames = 0;
    this.#isAbsent = false;
  }

  /** Energies of a frame while the loudspeaker plays, before cancelling. */
  hear(frame: { far: number; near: number; noiseFloorDbfs: number }): void {
    if (levelOf(frame.near) > frame.noiseFloorDbfs + ABOVE_ROOM_DB) this.#unheardFrames = 0;
    else if (levelOf(frame.far) > SOUNDING_DBFS) this.#unheardFrames++;
    if (this.#unheardFrames >= NO_ECHO_FRAMES) this.#isAbsent = true;
  }

  /** What a second of the loudspeaker's sound has shown. */
  learn(window: EchoWindow, noiseFloorDbfs: number): void {
    if (window.nearDbfs > noiseFloorDbfs + ABOVE_ROOM_DB && window.nearLikeness > ECHO_LIKENESS) this.forget();
  }
}

function levelOf(energy: number): number {
  return powerToDbfs(energy / CAPTURE_FRAME_SAMPLES);
}
