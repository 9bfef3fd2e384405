const FRAME_SECONDS = 0.01;

/** The levels of a sound in frames of 10 ms; what does not fill a frame is left out. */
export interface FrameLevels {
  frameSamples: number;
  /** Root mean square of each frame. */
  rms: Float32Array;
  /** Of the loudest sample. */
  peak: number;
}

export function frameLevels(samples: Float32Array, sampleRateHz: number): FrameLevels {
  const frameSamples = Math.round(sampleRateHz * FRAME_SECONDS);
  const rms = new Float32Array(Math.floor(samples.length / frameSamples));
  for (let frame = 0; frame < rms.length; frame++) {
    let energy = 0;
    for (const sample of samples.subarray(frame * frameSamples, (frame + 1) * frameSamples)) energy += sample * sample;
    rms[frame] = Math.sqrt(energy / frameSamples);
  }
  return { frameSamples, rms, peak: peakOf(samples) };
}

export function peakOf(samples: Float32Array): number {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

export const gainOf = (db: number): number => 10 ** (db / 20);
