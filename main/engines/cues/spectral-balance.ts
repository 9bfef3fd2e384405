import { BIN_HZ } from './frame-spectra.ts';

const bin = (hz: number): number => Math.round(hz / BIN_HZ);
const FLOOR = 1e-12;

export interface SpectralBalance {
  /** Energy above 1 kHz (to 5 kHz) over that from 50 Hz to 1 kHz, in dB: higher when a voice is pressed or raised. */
  alphaRatioDb: number;
  /** Strongest peak between 2 and 5 kHz over the strongest below 2 kHz, in dB. */
  hammarbergDb: number;
  /** Slopes of the spectrum in dB per Hz. */
  slope0To500: number;
  slope500To1500: number;
}

export function spectralBalance(power: Float64Array): SpectralBalance {
  const low = sum(power, bin(50), bin(1000));
  const high = sum(power, bin(1000), bin(5000));
  const lowPeak = max(power, 0, bin(2000));
  const highPeak = max(power, bin(2000), bin(5000));
  return {
    alphaRatioDb: decibels(high / (low + FLOOR)),
    hammarbergDb: decibels(highPeak / (lowPeak + FLOOR)),
    slope0To500: slope(power, 0, bin(500)),
    slope500To1500: slope(power, bin(500), bin(1500)),
  };
}

/** How much the magnitudes below 5 kHz differ from those of the frame before; `before` takes on the new ones. */
export class SpectralFlux {
  readonly #before = new Float64Array(bin(5000));
  #started = false;

  next(power: Float64Array): { flux: number; magnitude: number } {
    let difference = 0;
    let total = 0;
    for (let k = 0; k < this.#before.length; k++) {
      const magnitude = Math.sqrt(power[k]!);
      difference += (magnitude - this.#before[k]!) ** 2;
      total += magnitude * magnitude;
      this.#before[k] = magnitude;
    }
    const flux = this.#started ? Math.sqrt(difference / this.#before.length) : 0;
    this.#started = true;
    return { flux, magnitude: Math.sqrt(total / this.#before.length) };
  }

  reset(): void {
    this.#started = false;
  }
}

export function decibels(powerRatio: number): number {
  return 10 * Math.log10(Math.max(FLOOR, powerRatio));
}

function sum(power: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let k = from; k < to; k++) total += power[k]!;
  return total;
}

function max(power: Float64Array, from: number, to: number): number {
  let most = 0;
  for (let k = from; k < to; k++) most = Math.max(most, power[k]!);
  return most;
}

/** Of the straight line that fits the spectrum in dB best. */
function slope(power: Float64Array, from: number, to: number): number {
  let [sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0];
  for (let k = from; k <= to; k++) {
    const y = decibels(power[k]!);
    sumX += k;
    sumY += y;
    sumXX += k * k;
    sumXY += k * y;
  }
  const count = to - from + 1;
  return (count * sumXY - sumX * sumY) / (count * sumXX - sumX * sumX) / BIN_HZ;
}
