/** One triangular filter, kept as the bins where it is above zero. */
export interface MelFilter {
  firstBin: number;
  weights: Float64Array;
}

// Slaney's scale: linear below 1 kHz (15 mels), logarithmic above.
const LINEAR_HZ_PER_MEL = 200 / 3;
const LOG_START_HZ = 1000;
const LOG_START_MEL = 15;
const LOG_STEP = Math.log(6.4) / 27;

const hzToMel = (hz: number): number =>
  hz < LOG_START_HZ ? hz / LINEAR_HZ_PER_MEL : LOG_START_MEL + Math.log(hz / LOG_START_HZ) / LOG_STEP;
const melToHz = (mel: number): number =>
  mel < LOG_START_MEL ? mel * LINEAR_HZ_PER_MEL : LOG_START_HZ * Math.exp(LOG_STEP * (mel - LOG_START_MEL));

/** Slaney mel filters of unit area from 0 Hz to half the sample rate, for the bins 0…fftSize/2 of a power spectrum. */
export function melFilterBank(options: { filters: number; fftSize: number; sampleRateHz: number }): MelFilter[] {
  const { filters, fftSize, sampleRateHz } = options;
  const topMel = hzToMel(sampleRateHz / 2);
  const edgesHz = Array.from({ length: filters + 2 }, (_, i) => melToHz((topMel * i) / (filters + 1)));
  return Array.from({ length: filters }, (_, i) => {
    const [lowHz, centreHz, highHz] = edgesHz.slice(i, i + 3) as [number, number, number];
    const firstBin = Math.max(0, Math.floor((lowHz * fftSize) / sampleRateHz));
    const lastBin = Math.min(fftSize / 2, Math.ceil((highHz * fftSize) / sampleRateHz));
    const weights = Float64Array.from({ length: lastBin - firstBin + 1 }, (_, j) => {
      const hz = ((firstBin + j) * sampleRateHz) / fftSize;
      const rise = (hz - lowHz) / (centreHz - lowHz);
      const fall = (highHz - hz) / (highHz - centreHz);
      return (Math.max(0, Math.min(rise, fall)) * 2) / (highHz - lowHz);
    });
    return { firstBin, weights };
  });
}
