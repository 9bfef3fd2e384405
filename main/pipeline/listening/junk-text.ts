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

/** Nobody says a sentence again at this rate; in noise recognisers write it again ("Thank you. Thank you. Thank you." for one of 0.5 s). */
const MOST_WORDS_PER_SECOND = 4.5;

/** The text, or "" when it looks like what a recogniser makes up. `speechMs`: how much speech the VAD found in the audio. */
export function withoutJunk(text: string, speechMs: number): string {
  const bare = text.trim().replaceAll(/[.!?,]+$/gu, '');
  if (!/[\p{L}\p{N}]/u.test(bare)) return '';
  const patterns = [...NEVER_SAID, ...FAREWELL_TO_VIEWERS, ...(speechMs < LITTLE_SPEECH_MS ? DOUBTFUL : [])];
  return patterns.some((pattern) => pattern.test(bare)) ? '' : saidOnce(text.trim(), speechMs);
}

/** One of several equal sentences that there was no time for. */
function saidOnce(text: string, speechMs: number): string {
  const sentences = text.match(/[^.!?]+[.!?]+/gu)?.map((sentence) => sentence.trim()) ?? [];
  const [first] = sentences;
  if (first === undefined || sentences.length < 2 || sentences.join(' ') !== text) return text;
  const isRepeated = sentences.every((sentence) => sentence.toLowerCase() === first.toLowerCase());
  return isRepeated && text.split(' ').length > (MOST_WORDS_PER_SECOND * speechMs) / 1000 ? first : text;
}
