import type { Span } from '../../../main/evaluation/sound/sound.ts';
import { frameLevels, gainOf } from '../../../main/evaluation/sound/frame-levels.ts';

const SPEECH_DB = -40;
/** Shorter pauses are inside a phrase. */
const PAUSE_FRAMES = 35;
const SHORTEST_SECONDS = 2;
const LONGEST_SECONDS = 8;
const FRAMES_BEFORE = 5;
const FRAMES_AFTER = 10;

/** The phrases of a reading, between pauses of at least 350 ms: those of 2 to 8 s, with 50 ms before and 100 ms after them. */
export function cutAtPauses(samples: Float32Array, sampleRateHz: number): Float32Array[] {
  const { rms, peak, frameSamples } = frameLevels(samples, sampleRateHz);
  const threshold = peak * gainOf(SPEECH_DB);
  const phrases: Span[] = [];
  for (const frame of rms.keys()) {
    if (rms[frame]! <= threshold) continue;
    const phrase = phrases.at(-1);
    if (phrase && frame - phrase.to < PAUSE_FRAMES) phrase.to = frame + 1;
    else phrases.push({ from: frame, to: frame + 1 });
  }
  const framesPerSecond = sampleRateHz / frameSamples;
  return phrases
    .filter(({ from, to }) => {
      const seconds = (to - from) / framesPerSecond;
      return seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS;
    })
    .map(({ from, to }) =>
      samples.slice(Math.max(0, from - FRAMES_BEFORE) * frameSamples, (to + FRAMES_AFTER) * frameSamples),
    );
}
