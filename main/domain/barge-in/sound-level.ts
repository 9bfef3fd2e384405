/** Sum over windows of sound: their power (1 is a full-scale square wave) and the voice detector's probability. */
export interface SoundLevel {
  readonly windows: number;
  readonly power: number;
  readonly probability: number;
}

export const NOTHING_HEARD: SoundLevel = { windows: 0, power: 0, probability: 0 };

export function withWindow(level: SoundLevel, window: { levelDbfs: number; probability: number }): SoundLevel {
  return {
    windows: level.windows + 1,
    power: level.power + 10 ** (window.levelDbfs / 10),
    probability: level.probability + window.probability,
  };
}

/** Mean power in dBFS; −∞ for nothing. The loud parts, vowels, decide it, so that a soft beginning changes it little. */
export function levelDbfs({ windows, power }: SoundLevel): number {
  return windows === 0 ? -Infinity : 10 * Math.log10(power / windows);
}

export function meanProbability({ windows, probability }: SoundLevel): number {
  return windows === 0 ? 0 : probability / windows;
}

/** Turns that the user's usual level is known from: people move, and forget the distance they spoke from an hour ago. */
const REMEMBERED_TURNS = 8;

export function rememberLevel(levelsDbfs: readonly number[], dbfs: number): readonly number[] {
  return Number.isFinite(dbfs) ? [...levelsDbfs, dbfs].slice(-REMEMBERED_TURNS) : levelsDbfs;
}

/** How far a sound is below the median of the user's last turns, in dB; null while that is unknown. */
function belowUsualDb(level: SoundLevel, levelsDbfs: readonly number[]): number | null {
  const median = levelsDbfs.toSorted((a, b) => a - b)[Math.floor(levelsDbfs.length / 2)];
  return median === undefined ? null : median - levelDbfs(level);
}

/** So far below the user's usual level a voice is somebody else's, a television's, or what is left of the echo. */
const FAR_OFF_DB = 9;

export function isFarOff(level: SoundLevel, levelsDbfs: readonly number[]): boolean {
  return (belowUsualDb(level, levelsDbfs) ?? 0) >= FAR_OFF_DB;
}
