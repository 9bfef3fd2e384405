/** Below this much speech, by the VAD, the phrases are not believed. */
const LITTLE_SPEECH_MS = 400;

/** What recognisers trained on subtitles make of noise, whatever the VAD thinks: music signs, credits, stage directions. */
const NEVER_SAID = [/[♪♫©]/u, /^[[(].*[\])]\.?$/u, /\b(transcript|subtitles|captions) (emily|by)\b/iu];

/** What they make of noise and nobody says to an assistant. */
const FAREWELL_TO_VIEWERS = [
  /^(thank you|thanks)( (so|very) much)? for (watching|listening)$/iu,
  /^please (like and )?subscribe\b/iu,
];

/** What they make of silence and short noises. People say these too, so they only fall when hardly any speech was heard. */
const DOUBTFUL = [/^(you|the|so|uh|um|hmm|i'm sorry)$/iu, /^(i'll )?see you (in the )?next (time|video)$/iu];

/** The text, or "" when it looks like what a recogniser makes up. `speechMs`: how much speech the VAD found in the audio. */
export function withoutJunk(text: string, speechMs: number): string {
  const bare = text.trim().replaceAll(/[.!?,]+$/gu, '');
  if (!/[\p{L}\p{N}]/u.test(bare)) return '';
  const patterns = [...NEVER_SAID, ...FAREWELL_TO_VIEWERS, ...(speechMs < LITTLE_SPEECH_MS ? DOUBTFUL : [])];
  return patterns.some((pattern) => pattern.test(bare)) ? '' : text.trim();
}
