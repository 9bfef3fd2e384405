import type { Span } from './sound.ts';
import { frameLevels, gainOf } from './frame-levels.ts';

/** A frame is speech when it is louder than this, relative to the clip's loudest sample… */
const SPEECH_DB = -45;
/** …or, where the recording hisses, than its quietest frames by this much… */
const ABOVE_HISS_DB = 10;
/** …but a frame as loud as this is speech in any case. */
const ALWAYS_SPEECH_DB = -32;
/** Frames quieter than this are digital silence and tell nothing about the hiss. */
const DIGITAL_SILENCE = 1e-6;
const HISS_PERCENTILE = 5;
/** A click or a breath after the words: shorter than this, after at least so much quiet. */
const ISLAND_FRAMES = 8;
const QUIET_BEFORE_ISLAND_FRAMES = 15;
const LEAST_SPEECH_FRAMES = 20;

/** First speech sample of a clip and the one after the last, to 10 ms. Throws when nothing in it is loud enough. */
export function labelSpeech(samples: Float32Array, sampleRateHz: number): Span {
  const { rms, peak, frameSamples } = frameLevels(samples, sampleRateHz);
  const hiss = percentile(
    rms.filter((level) => level > DIGITAL_SILENCE),
    HISS_PERCENTILE,
  );
  const threshold = Math.max(
    peak * gainOf(SPEECH_DB),
    Math.min(hiss * gainOf(ABOVE_HISS_DB), peak * gainOf(ALWAYS_SPEECH_DB)),
  );
  const frames = withoutTrailingIslands([...rms.keys()].filter((frame) => rms[frame]! > threshold));
  if (frames.length === 0) throw new Error('a clip without speech');
  return { from: frames[0]! * frameSamples, to: (frames.at(-1)! + 1) * frameSamples };
}

/** `frames` counts up. */
function withoutTrailingIslands(frames: number[]): number[] {
  let kept = frames;
  while (kept.length > LEAST_SPEECH_FRAMES) {
    const start = kept.findLastIndex((frame, i) => i > 0 && frame - kept[i - 1]! > QUIET_BEFORE_ISLAND_FRAMES);
    if (start < 0 || kept.at(-1)! - kept[start]! >= ISLAND_FRAMES) break;
    kept = kept.slice(0, start);
  }
  return kept;
}

function percentile(values: Float32Array, percent: number): number {
  const sorted = values.toSorted();
  return sorted[Math.floor(((sorted.length - 1) * percent) / 100)] ?? 0;
}
