import { resampleWhole } from '../../../main/audio/streaming-resampler.ts';
import type { Span } from '../../../main/evaluation/sound/sound.ts';
import { gainOf, peakOf } from '../../../main/evaluation/sound/frame-levels.ts';
import { labelSpeech } from '../../../main/evaluation/sound/label-speech.ts';

/** Of the virtual microphone: what is played at this rate arrives sample for sample. */
export const CLIP_RATE_HZ = 48_000;

/** Something to say into the microphone, with its label. */
export interface Clip {
  id: string;
  /** Where it comes from, for the report. */
  source: string;
  /** Mono at CLIP_RATE_HZ. */
  samples: Float32Array;
  speech: Span;
}

export interface RawClip {
  id: string;
  source: string;
  samples: Float32Array;
  sampleRateHz: number;
  /** Of the loudest sample. Default −3. */
  peakDbfs?: number;
  /** Where speech ends in `samples`, for recordings whose background is too loud for the rule. */
  speechEndSeconds?: number;
}

const DEFAULT_PEAK_DBFS = -3;
const SILENCE_BEFORE_SECONDS = 0.1;
const SILENCE_AFTER_SECONDS = 0.3;
/** What is left of a recording so long after its last speech goes, with a fade. */
const TAIL_SECONDS = 0.1;
const FADE_SECONDS = 0.05;

export async function prepareClip(raw: RawClip): Promise<Clip> {
  const sound = await resampleWhole(raw.samples, { inputRateHz: raw.sampleRateHz, outputRateHz: CLIP_RATE_HZ });
  const gain = gainOf(raw.peakDbfs ?? DEFAULT_PEAK_DBFS) / peakOf(sound);
  const before = SILENCE_BEFORE_SECONDS * CLIP_RATE_HZ;
  const samples = new Float32Array(before + sound.length + SILENCE_AFTER_SECONDS * CLIP_RATE_HZ);
  samples.set(
    sound.map((sample) => sample * gain),
    before,
  );
  const speech = labelSpeech(samples, CLIP_RATE_HZ);
  if (raw.speechEndSeconds !== undefined) speech.to = before + Math.round(raw.speechEndSeconds * CLIP_RATE_HZ);
  silenceAfter(samples, speech.to + TAIL_SECONDS * CLIP_RATE_HZ);
  return { id: raw.id, source: raw.source, samples, speech };
}

function silenceAfter(samples: Float32Array, end: number): void {
  const fadeSamples = FADE_SECONDS * CLIP_RATE_HZ;
  for (let i = end - fadeSamples; i < Math.min(end, samples.length); i++) samples[i]! *= (end - i) / fadeSamples;
  samples.fill(0, end);
}
