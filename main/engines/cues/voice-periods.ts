import { FRAME_SAMPLES } from './frame-spectra.ts';

/** A period may differ this much from the frame's pitch. */
const SEARCH_SHARE = 0.1;
/** Periods that are less alike belong to no voice. */
const MIN_LIKENESS = 0.6;
const MAX_PERIODS = 6;
/** Of digital silence, which is like nothing. */
const LEAST_ENERGY = 1e-12;

export interface PeriodMeasures {
  /** Mean difference of neighbouring periods over their mean. */
  jitter: number;
  /** Mean difference of neighbouring periods' peak amplitudes in dB. */
  shimmerDb: number;
}

/** How steady the voice is from one period to the next, in the middle of a frame; null where fewer than three periods are found. */
export function measurePeriods(frame: Float32Array, periodSamples: number): PeriodMeasures | null {
  const length = Math.round(periodSamples);
  const least = Math.max(2, Math.floor(periodSamples * (1 - SEARCH_SHARE)));
  const most = Math.ceil(periodSamples * (1 + SEARCH_SHARE));
  const wanted = Math.min(MAX_PERIODS, Math.floor((FRAME_SAMPLES - length) / most));
  let start = Math.max(0, Math.floor((FRAME_SAMPLES - (wanted + 1) * periodSamples) / 2));
  const periods: number[] = [];
  const amplitudes = [amplitudeOf(frame, start, length)];
  for (let i = 0; i < wanted; i++) {
    const found = nextPeriod(frame, { start, length, least, most });
    if (!found) break;
    periods.push(found.period);
    start += Math.round(found.period);
    amplitudes.push(amplitudeOf(frame, start, length));
  }
  if (periods.length < 3) return null;
  let [difference, sum, decibels] = [0, periods[0]!, 0];
  for (let i = 1; i < periods.length; i++) {
    difference += Math.abs(periods[i]! - periods[i - 1]!);
    sum += periods[i]!;
    decibels += Math.abs(20 * Math.log10((amplitudes[i]! + 1e-9) / (amplitudes[i - 1]! + 1e-9)));
  }
  const mean = sum / periods.length;
  return { jitter: difference / (periods.length - 1) / mean, shimmerDb: decibels / (periods.length - 1) };
}

/** The distance at which the waveform is most like what is at `start`. */
function nextPeriod(
  frame: Float32Array,
  { start, length, least, most }: { start: number; length: number; least: number; most: number },
): { period: number } | null {
  if (start + most + 1 + length > FRAME_SAMPLES) return null;
  const likeness = likenesses(frame, { start, length, from: least - 1, to: most + 1 });
  let best = 1;
  for (let i = 1; i < likeness.length - 1; i++) if (likeness[i]! > likeness[best]!) best = i;
  if (likeness[best]! < MIN_LIKENESS) return null;
  const [before, at, after] = [likeness[best - 1]!, likeness[best]!, likeness[best + 1]!];
  const bend = before - 2 * at + after;
  const shift = bend < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend)) : 0;
  return { period: least - 1 + best + shift };
}

/**
 * Of what is at `start` and what is each lag further on. The energy of the latter moves along, instead of being summed anew; rounding may take it
 * below nothing where a loud sound ends.
 */
function likenesses(
  frame: Float32Array,
  { start, length, from, to }: { start: number; length: number; from: number; to: number },
): Float64Array {
  const likeness = new Float64Array(to - from + 1);
  const one = energyOf(frame, start, length);
  let other = energyOf(frame, start + from, length);
  for (let lag = from; lag <= to; lag++) {
    if (lag > from) other += frame[start + lag + length - 1]! ** 2 - frame[start + lag - 1]! ** 2;
    let both = 0;
    for (let i = start; i < start + length; i++) both += frame[i]! * frame[i + lag]!;
    likeness[lag - from] = both / Math.sqrt(one * Math.max(LEAST_ENERGY, other));
  }
  return likeness;
}

function energyOf(frame: Float32Array, start: number, length: number): number {
  let energy = LEAST_ENERGY;
  for (let i = start; i < start + length; i++) energy += frame[i]! * frame[i]!;
  return energy;
}

function amplitudeOf(frame: Float32Array, start: number, length: number): number {
  let [least, most] = [Infinity, -Infinity];
  for (let i = start; i < Math.min(FRAME_SAMPLES, start + length); i++) {
    least = Math.min(least, frame[i]!);
    most = Math.max(most, frame[i]!);
  }
  return Math.max(0, most - least);
}
