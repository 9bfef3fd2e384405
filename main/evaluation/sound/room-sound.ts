import { CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';
import { joinSamples, resampleWhole } from '../../audio/streaming-resampler.ts';
import { frameLevels, gainOf } from './frame-levels.ts';

/** Of microphone, loudspeaker and recording in a simulated room: what the listeners work at. */
export const ROOM_RATE_HZ = CAPTURE_RATE_HZ;
/** Level (RMS) of the frames in which a user speaks. */
export const SPEECH_DBFS = -24;
export const SPEECH_BELOW_PEAK_DB = -40;

export const joined = joinSamples;

export function atRoomRate(sound: { samples: Float32Array; sampleRateHz: number }): Promise<Float32Array> {
  const rates = { inputRateHz: sound.sampleRateHz, outputRateHz: ROOM_RATE_HZ, quality: 'best' as const };
  return resampleWhole(sound.samples, rates);
}

/** A copy whose active frames have this level. */
export function atLevel(samples: Float32Array, dbfs: number): Float32Array {
  const gain = gainOf(dbfs) / activeLevel(samples);
  return samples.map((sample) => sample * gain);
}

/** RMS over the frames of 10 ms that are within 40 dB of the loudest sample; 1 for silence. */
export function activeLevel(samples: Float32Array): number {
  const { rms, peak } = frameLevels(samples, ROOM_RATE_HZ);
  const active = rms.filter((level) => level > peak * gainOf(SPEECH_BELOW_PEAK_DB));
  const energy = active.reduce((sum, level) => sum + level * level, 0);
  return Math.sqrt(energy / Math.max(1, active.length)) || 1;
}
