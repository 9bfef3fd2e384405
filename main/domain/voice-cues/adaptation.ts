import type { VoiceCue } from '../../contract/voice-cues.ts';

/** A calm answer to a tense voice, an unhurried one to a low voice; small steps, since the cue may be wrong. */
const PACES: Record<VoiceCue['word'], number> = {
  calm: 1,
  low: 0.94,
  neutral: 1,
  animated: 1.04,
  tense: 0.94,
  raised: 1,
  unclear: 1,
};

/** Pace of an answer against the user's own setting. */
export function paceFor(cue: VoiceCue | null): number {
  return cue ? PACES[cue.word] : 1;
}

/** Among answers that say the same, the tense and the low are given the shortest: nobody in a hurry wants a flourish. */
export function prefersShort(cue: VoiceCue | null): boolean {
  return cue !== null && (cue.word === 'tense' || cue.word === 'low' || cue.word === 'raised');
}
