/** Louder than −50 dBFS is sound. */
export const SOUND_THRESHOLD = 10 ** (-50 / 20);
const WINDOW_SECONDS = 0.01;
/** So many windows in a row make a sound that counts: 50 ms. A click of the device is no answer. */
const WINDOWS_OF_SOUND = 5;
/** A start is one only after so much silence. */
const QUIET_BEFORE_START_SECONDS = 0.2;

/** One wire of a recording. */
export interface Wire {
  /** Mono, −1…1. */
  samples: Float32Array;
  sampleRateHz: number;
}

/** A stretch of a wire, in samples; `to` is not part of it. */
export interface Span {
  from: number;
  to: number;
}

const isLoud = (sample: number): boolean => Math.abs(sample) > SOUND_THRESHOLD;

/** First loud sample in the span, or null. */
function firstLoud({ samples }: Wire, { from, to }: Span): number | null {
  const end = Math.min(to, samples.length);
  for (let i = Math.max(0, from); i < end; i++) if (isLoud(samples[i]!)) return i;
  return null;
}

export function hasSound(wire: Wire, span: Span): boolean {
  return firstLoud(wire, span) !== null;
}

/** First loud sample in the span that begins 50 ms of sound: each of the five 10 ms windows from it on has a loud sample. The sound may go on after the span. */
export function firstSound(wire: Wire, span: Span): number | null {
  const windowSamples = Math.trunc(wire.sampleRateHz * WINDOW_SECONDS);
  for (let at = firstLoud(wire, span); at !== null;) {
    if (at + WINDOWS_OF_SOUND * windowSamples > wire.samples.length) return null;
    const gap = firstSilentWindow(wire, at, windowSamples);
    if (gap === null) return at;
    at = firstLoud(wire, { from: Math.max(at + 1, gap), to: span.to });
  }
  return null;
}

function firstSilentWindow(wire: Wire, at: number, windowSamples: number): number | null {
  for (let window = 0; window < WINDOWS_OF_SOUND; window++) {
    const from = at + window * windowSamples;
    if (!hasSound(wire, { from, to: from + windowSamples })) return from;
  }
  return null;
}

/** Just after the last loud sample before `gapSeconds` of silence (or the span's end); null when it is silent for so long from the span's start on. */
export function endOfSound(wire: Wire, { from, to, gapSeconds }: Span & { gapSeconds: number }): number | null {
  const gapSamples = gapSeconds * wire.sampleRateHz;
  const end = Math.min(to, wire.samples.length);
  const first = firstLoud(wire, { from, to: end });
  if (first === null || first - from > gapSamples) return null;
  let last = first;
  for (let i = first + 1; i < end && i - last <= gapSamples; i++) if (isLoud(wire.samples[i]!)) last = i;
  return last + 1;
}

/** Where sound starts inside the span after at least 200 ms of silence. */
export function startsOfSound(wire: Wire, { from, to }: Span): number[] {
  const quietSamples = Math.trunc(QUIET_BEFORE_START_SECONDS * wire.sampleRateHz);
  const starts: number[] = [];
  for (let at = from; ;) {
    const start = firstSound(wire, { from: at, to });
    if (start === null) return starts;
    if (!hasSound(wire, { from: start - quietSamples, to: start })) starts.push(start);
    at = (endOfSound(wire, { from: start, to, gapSeconds: QUIET_BEFORE_START_SECONDS }) ?? start + 1) + 1;
  }
}
