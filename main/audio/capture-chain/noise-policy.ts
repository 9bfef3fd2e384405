import { CAPTURE_RATE_HZ, CAPTURE_FRAME_SAMPLES } from '../../contract/audio-format.ts';

/** The room is loud and the voice not far above it. */
const NOISY_FLOOR_DBFS = -50;
const POOR_SNR_DB = 12;
const QUIET_FLOOR_DBFS = -56;
const GOOD_SNR_DB = 18;
const FRAMES_PER_SECOND = CAPTURE_RATE_HZ / CAPTURE_FRAME_SAMPLES;
const ON_AFTER_FRAMES = 2 * FRAMES_PER_SECOND;
const OFF_AFTER_FRAMES = 5 * FRAMES_PER_SECOND;

/** When `auto` noise suppression is worth its cost. Between the two pairs of limits it stays as it is. */
export class NoisePolicy {
  #isOn = false;
  #frames = 0;

  get isOn(): boolean {
    return this.#isOn;
  }

  /** To be called for every frame. `snrDb` and the floor are those before suppression. */
  update(levels: { noiseFloorDbfs: number; snrDb: number }): void {
    const { noiseFloorDbfs, snrDb } = levels;
    const wantsChange = this.#isOn
      ? noiseFloorDbfs < QUIET_FLOOR_DBFS || snrDb > GOOD_SNR_DB
      : noiseFloorDbfs > NOISY_FLOOR_DBFS && snrDb < POOR_SNR_DB;
    this.#frames = wantsChange ? this.#frames + 1 : 0;
    if (this.#frames < (this.#isOn ? OFF_AFTER_FRAMES : ON_AFTER_FRAMES)) return;
    this.#isOn = !this.#isOn;
    this.#frames = 0;
  }
}
