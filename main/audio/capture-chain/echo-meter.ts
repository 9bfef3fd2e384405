import { CAPTURE_FRAME_SAMPLES } from '../../contract/audio-format.ts';
import { powerToDbfs } from './room-levels.ts';

/** What one second of the loudspeaker's sound has shown. */
export interface EchoWindow {
  /** Level of what was played. */
  farDbfs: number;
  /** Level at the microphone, and what was left of it. */
  nearDbfs: number;
  residualDbfs: number;
  erleDb: number;
  /** How much the level at the microphone, and what was left, goes up and down as the loudspeaker's does: −1…1. */
  nearLikeness: number;
  residualLikeness: number;
}

const HOP_FRAMES = 100;
/** Two seconds: in one, two people's syllables may go up and down together by chance. */
const WINDOW_FRAMES = 200;
/** Echoes that come later than this after their sound was handed over are not looked for. */
const MAX_LAG_FRAMES = 40;
/** Softer than this is a pause of the loudspeaker; after 30 frames of it there is no echo to measure. */
const SOUNDING_DBFS = -55;
const PAUSE_FRAMES = 30;
/** Levels below this are all the same silence, so that inaudible noise does not decide the likeness. */
const LOWEST_DBFS = -75;

/** Measures, while the loudspeaker sounds, how much of it comes in and how much is left after cancelling. */
export class EchoMeter {
  readonly #far: number[] = [];
  readonly #near: number[] = [];
  readonly #residual: number[] = [];
  #farEnergy = 0;
  #nearEnergy = 0;
  #residualEnergy = 0;
  #hopFrames = 0;
  #pauseFrames = Infinity;

  /** Energies of one frame. Returns a window when a second of sounding frames is complete. */
  add(frame: { far: number; near: number; residual: number }): EchoWindow | undefined {
    const farDbfs = levelOf(frame.far);
    this.#pauseFrames = farDbfs > SOUNDING_DBFS ? 0 : this.#pauseFrames + 1;
    if (this.#pauseFrames > PAUSE_FRAMES) return undefined;
    push(this.#far, farDbfs);
    push(this.#near, levelOf(frame.near));
    push(this.#residual, levelOf(frame.residual));
    this.#farEnergy += frame.far;
    this.#nearEnergy += frame.near;
    this.#residualEnergy += frame.residual;
    return ++this.#hopFrames < HOP_FRAMES ? undefined : this.#takeWindow();
  }

  #takeWindow(): EchoWindow {
    const nearDbfs = meanLevel(this.#nearEnergy, this.#hopFrames);
    const residualDbfs = meanLevel(this.#residualEnergy, this.#hopFrames);
    const farDbfs = meanLevel(this.#farEnergy, this.#hopFrames);
    this.#farEnergy = 0;
    this.#nearEnergy = 0;
    this.#residualEnergy = 0;
    this.#hopFrames = 0;
    const nearLikeness = likeness(this.#far, this.#near);
    const residualLikeness = likeness(this.#far, this.#residual);
    return { farDbfs, nearDbfs, residualDbfs, erleDb: nearDbfs - residualDbfs, nearLikeness, residualLikeness };
  }
}

function push(levels: number[], level: number): void {
  levels.push(level);
  if (levels.length > WINDOW_FRAMES) levels.shift();
}

function levelOf(energy: number): number {
  return Math.max(LOWEST_DBFS, powerToDbfs(energy / CAPTURE_FRAME_SAMPLES));
}

function meanLevel(energy: number, frames: number): number {
  return powerToDbfs(energy / (frames * CAPTURE_FRAME_SAMPLES));
}

/** The highest correlation of `later` with `first` moved by 0 to MAX_LAG_FRAMES. */
function likeness(first: number[], later: number[]): number {
  let best = -1;
  const length = first.length - MAX_LAG_FRAMES;
  for (let lag = 0; lag <= MAX_LAG_FRAMES && length > 0; lag++) {
    let a = 0,
      b = 0,
      aa = 0,
      bb = 0,
      ab = 0;
    for (let i = 0; i < length; i++) {
      const x = first[i + MAX_LAG_FRAMES - lag]!;
      const y = later[i + MAX_LAG_FRAMES]!;
      a += x;
      b += y;
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
    const spread = Math.sqrt((aa - (a * a) / length) * (bb - (b * b) / length));
    if (spread > 1e-6) best = Math.max(best, (ab - (a * b) / length) / spread);
  }
  return best;
}
