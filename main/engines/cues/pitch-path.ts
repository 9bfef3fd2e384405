import { cheapestPath } from './cheapest-path.ts';
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
 * The pitch of every frame in Hz, 0 where there is no voice: the path of least cost through the candidates (Boersma 1993).
 * Frames are judged against the loudest of them, so the whole utterance is given.
 */
export function pitchPath(frames: readonly PitchFrame[]): Float64Array {
  const loudest = frames.reduce((most, { peak }) => Math.max(most, peak), 1e-9);
  const path = cheapestPath<PitchFrame, PitchCandidate | null>(frames, {
    start: null,
    states: ({ candidates }) => [null, ...candidates],
    own: (state, { peak }) => {
      if (state) return -merit(state);
      const quiet = Math.max(0, 2 - peak / loudest / (SILENCE_SHARE / (1 + VOICING_THRESHOLD)));
      return -(VOICING_THRESHOLD + quiet);
    },
    step: (from, to) => {
      if (from && to) return JUMP_COST * Math.abs(Math.log2(from.f0Hz / to.f0Hz));
      return from || to ? VOICING_COST : 0;
    },
  });
  return Float64Array.from(path, (state) => state?.f0Hz ?? 0);
}
