import type { VoiceCue } from '../../contract/voice-cues.ts';

const SOUNDS: Record<VoiceCue['word'], string | null> = {
  calm: 'calm',
  low: 'low',
  animated: 'animated',
  tense: 'tense',
  raised: 'tense or animated',
  // Nothing to tell a model: it should answer as it always does.
  neutral: null,
  unclear: null,
};

/** One short line for a language model, as data rather than as a wish; null when there is nothing sure to say. */
export function promptLine(cue: VoiceCue | null): string | null {
  const sounds = cue && SOUNDS[cue.word];
  if (!sounds) return null;
  const words = cue.words === null || cue.words === 'neutral' ? '' : `; words: ${cue.words}`;
  return `[voice: sounds ${sounds}${words}]`;
}
