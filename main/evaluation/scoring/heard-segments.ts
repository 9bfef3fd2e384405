import type { HeardSegment } from '../run/cell.ts';
import { endOfSound, firstSound, type Wire } from '../sound/sound.ts';

const GAP_SECONDS = 0.5;
/** What recognisers of short segments take well. */
const LONGEST_SECONDS = 12;
const EDGE_SECONDS = 0.1;

/** Stretches of sound between pauses, none longer than 12 s. */
export function soundSegments(wire: Wire): { fromSample: number; toSample: number }[] {
  const { sampleRateHz, samples } = wire;
  const longest = LONGEST_SECONDS * sampleRateHz;
  const segments: { fromSample: number; toSample: number }[] = [];
  for (let at = 0; ;) {
    const fromSample = firstSound(wire, { from: at, to: samples.length });
    if (fromSample === null) return segments;
    const end = endOfSound(wire, { from: fromSample, to: samples.length, gapSeconds: GAP_SECONDS })!;
    const toSample = end - fromSample <= longest ? end : quietestCut(wire, fromSample, fromSample + longest);
    segments.push({ fromSample, toSample });
    at = toSample;
  }
}

/** What is said on a wire: each stretch of sound, recognised by itself. `transcribe` takes mono at the wire's rate. */
export async function hearWire(
  wire: Wire,
  transcribe: (samples: Float32Array) => Promise<string>,
): Promise<HeardSegment[]> {
  const edge = Math.round(EDGE_SECONDS * wire.sampleRateHz);
  const heard: HeardSegment[] = [];
  for (const { fromSample, toSample } of soundSegments(wire)) {
    const text = await transcribe(wire.samples.slice(Math.max(0, fromSample - edge), toSample + edge));
    heard.push({ fromSample, toSample, text });
  }
  return heard;
}

/** Where in the last third it is quietest: rather between words than in one. */
function quietestCut({ samples, sampleRateHz }: Wire, from: number, to: number): number {
  const window = Math.round(0.03 * sampleRateHz);
  let best = to;
  let least = Infinity;
  for (let at = Math.round(from + ((to - from) * 2) / 3); at + window <= to; at += window) {
    let energy = 0;
    for (let i = at; i < at + window; i++) energy += samples[i]! * samples[i]!;
    if (energy < least) [least, best] = [energy, at + window];
  }
  return best;
}
