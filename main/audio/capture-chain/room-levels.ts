import { CAPTURE_FRAME_SAMPLES, SILENCE_DBFS } from '../../contract/audio-format.ts';
import { amplitudeToDbfs } from '../level-meter.ts';

/** Smoothing of the level over about 50 ms: shorter and the gaps between two waves of a low voice are taken for the room. */
const SMOOTHING = 0.2;
const MINIMUM_FRAMES = 50;
/** 3 s: longer than anybody speaks without a gap of 50 ms. */
const MINIMA = 6;
/** A minimum lies below the mean of the same noise, by 1 to 2 dB with this smoothing. */
const MINIMUM_BIAS_DB = 1.5;
const SPEECH_ABOVE_FLOOR_DB = 9;
/** About a second of speech. */
const SPEECH_SMOOTHING = 0.01;
/** As loud as people speak into a laptop, until it is known better. */
const USUAL_SPEECH_DBFS = -30;

/** How loud the room and the voice in it are, by minimum statistics over 10 ms frames. */
export class RoomLevels {
  #energy = 0;
  #minimum = Infinity;
  #framesInMinimum = 0;
  #minima: number[] = [];
  #floorDbfs = SILENCE_DBFS;
  #speechDbfs = USUAL_SPEECH_DBFS;
  #speechFrames = 0;

  get noiseFloorDbfs(): number {
    return this.#floorDbfs;
  }

  /** Level of the voice while it sounds; an assumption until somebody spoke. */
  get speechDbfs(): number {
    return this.#speechDbfs;
  }

  get hasHeardSpeech(): boolean {
    return this.#speechFrames > 30;
  }

  get snrDb(): number {
    return this.#speechDbfs - this.#floorDbfs;
  }

  /** `energy` of a frame's samples, summed. Returns whether the frame may be speech. */
  add(energy: number): boolean {
    const power = energy / CAPTURE_FRAME_SAMPLES;
    this.#energy += (power - this.#energy) * SMOOTHING;
    this.#minimum = Math.min(this.#minimum, this.#energy);
    if (++this.#framesInMinimum === MINIMUM_FRAMES) this.#takeMinimum();
    if (this.#minima.length === 0) return false;
    const dbfs = powerToDbfs(this.#energy);
    const isSpeech = dbfs > this.#floorDbfs + SPEECH_ABOVE_FLOOR_DB && dbfs > -60;
    if (isSpeech) {
      const weight = Math.max(SPEECH_SMOOTHING, 1 / (++this.#speechFrames + 10));
      this.#speechDbfs += (dbfs - this.#speechDbfs) * weight;
    }
    return isSpeech;
  }

  #takeMinimum(): void {
    this.#minima = [...this.#minima.slice(1 - MINIMA), this.#minimum];
    this.#minimum = Infinity;
    this.#framesInMinimum = 0;
    this.#floorDbfs = powerToDbfs(Math.min(...this.#minima)) + MINIMUM_BIAS_DB;
  }
}

export function powerToDbfs(power: number): number {
  return amplitudeToDbfs(Math.sqrt(power));
}

export function energyOf(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return energy;
}
