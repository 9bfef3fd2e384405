import { merit, type PitchCandidate } from './pitch-candidates.ts';

/** A frame is unvoiced unless its best candidate is stronger than this. */
const VOICING_THRESHOLD = 0.55;
/** Frames this far below the loudest (as a share of its peak) are rather silence … */
const SILENCE_SHARE = 0.03;
/** Cost per octave of a jump from frame to frame. */
const JUMP_COST = 0.35;
/** Cost of a voice that begins or ends. */
const VOICING_COST = 0.14;

export interface PitchFrame {
  candidates: readonly PitchCandidate[];
  peak: number;
}

/**
 * The pitch of every frame in Hz, 0 where there is no voice: the path of least cost through the candidates (Boersma 1993; Viterbi).
 * Frames are judged against the loudest of them, so the whole utterance is given.
 */
export function pitchPath(frames: readonly PitchFrame[]): Float64Array {
  const loudest = frames.reduce((most, { peak }) => Math.max(most, peak), 1e-9);
  const path = new Float64Array(frames.length);
  const cameFrom: number[][] = [];
  let costs = [0];
  let before: readonly (PitchCandidate | null)[] = [null];
  for (const { candidates, peak } of frames) {
    const states = [null, ...candidates];
    const quiet = Math.max(0, 2 - peak / loudest / (SILENCE_SHARE / (1 + VOICING_THRESHOLD)));
    const next: number[] = [];
    const from: number[] = [];
    for (const state of states) {
      const own = state ? -merit(state) : -(VOICING_THRESHOLD + quiet);
      let best = 0;
      let least = Infinity;
      for (let i = 0; i < before.length; i++) {
        const cost = costs[i]! + stepCost(before[i]!, state);
        if (cost < least) [least, best] = [cost, i];
      }
      next.push(least + own);
      from.push(best);
    }
    cameFrom.push(from);
    [costs, before] = [next, states];
  }
  let at = costs.indexOf(Math.min(...costs));
  for (let i = frames.length - 1; i >= 0; i--) {
    path[i] = at === 0 ? 0 : frames[i]!.candidates[at - 1]!.f0Hz;
    at = cameFrom[i]![at]!;
  }
  return path;
}

function stepCost(from: PitchCandidate | null, to: PitchCandidate | null): number {
  if (from && to) return JUMP_COST * Math.abs(Math.log2(from.f0Hz / to.f0Hz));
  return from || to ? VOICING_COST : 0;
}
