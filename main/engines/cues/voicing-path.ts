import { cheapestPath } from './cheapest-path.ts';
import type { HarmonicCandidate } from './subharmonic-sum.ts';

/** A frame whose best candidate stands out less than this is rather unvoiced. */
const VOICING_THRESHOLD = 0.725;
const THRESHOLD_COST = 8;
const VOICING_WEIGHT = 2;
/** Cost of a voice that begins or ends. */
const CHANGE_COST = 10;
/** Cost of a change of pitch by the factor e. */
const JUMP_COST = 15;

/** The pitch of every frame in Hz where its harmonics show a voice, 0 elsewhere. */
export function voicingPath(frames: readonly (readonly HarmonicCandidate[])[]): Float64Array {
  const path = cheapestPath<readonly HarmonicCandidate[], HarmonicCandidate | null>(frames, {
    start: null,
    states: (candidates) => [null, ...candidates.filter(({ voicing }) => voicing > 0.01)],
    own: (state, candidates) => {
      if (!state) return candidates.some(({ voicing }) => voicing >= VOICING_THRESHOLD) ? THRESHOLD_COST : 0;
      const weak = state.voicing < VOICING_THRESHOLD ? THRESHOLD_COST : 0;
      return weak - VOICING_WEIGHT * Math.log(state.voicing) + unlikeliness(state.f0Hz);
    },
    step: (from, to) => {
      if (from && to) return JUMP_COST * Math.abs(Math.log(to.f0Hz / from.f0Hz));
      return from || to ? CHANGE_COST : 0;
    },
  });
  return Float64Array.from(path, (state) => state?.f0Hz ?? 0);
}

/** Few voices speak outside of 100 to 350 Hz for long. */
function unlikeliness(f0Hz: number): number {
  if (f0Hz < 100) return 1 - f0Hz / 100;
  return f0Hz < 350 ? 0 : Math.min(1.2, (f0Hz - 350) / 250);
}
