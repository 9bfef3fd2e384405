import type { Clip } from '../clips/clip.ts';
import type { Span } from '../../../main/evaluation/sound/sound.ts';

/** Enough of a voice to be found nowhere else, and short enough that a hiccup of the player is not inside it. */
const PATTERN_SECONDS = 0.01;
/** PCM16 steps: what is played arrives exactly, but for the rounding of −1…1 to PCM16 (1) and the room tone (2). */
const TOLERANCE_STEPS = 3;

export interface FoundSpeech extends Span {
  /** How much longer the speech took than in the clip: the player had a hiccup. */
  slipSamples: number;
}

/**
 * Where a clip's speech lies on the microphone's wire, to the sample: its first and its last 10 ms are looked for apart, so that a
 * hiccup in the middle does not move the label of the end. Undefined when the recording has it not (or not whole).
 */
export function findSpeech(options: {
  clip: Pick<Clip, 'samples' | 'speech'>;
  microphone: Float32Array;
  sampleRateHz: number;
  within: Span;
}): FoundSpeech | undefined {
  const { clip, microphone, within } = options;
  const { from, to } = clip.speech;
  const length = Math.round(PATTERN_SECONDS * options.sampleRateHz);
  const start = findPattern(microphone, clip.samples.subarray(from, from + length), within);
  if (start === undefined) return undefined;
  const lastPattern = findPattern(microphone, clip.samples.subarray(to - length, to), { ...within, from: start });
  if (lastPattern === undefined) return undefined;
  const end = lastPattern + length;
  return { from: start, to: end, slipSamples: end - start - (to - from) };
}

function findPattern(wire: Float32Array, pattern: Float32Array, within: Span): number | undefined {
  const tolerance = TOLERANCE_STEPS / 32_768;
  const last = Math.min(within.to, wire.length) - pattern.length;
  for (let at = Math.max(0, within.from); at <= last; at++) {
    let i = 0;
    while (i < pattern.length && Math.abs(wire[at + i]! - pattern[i]!) <= tolerance) i++;
    if (i === pattern.length) return at;
  }
  return undefined;
}
