import { asksForFloor, asksForSilence, bareWords, isBackchannel, isHum } from './vocabulary.ts';

export interface OverlapEvidence {
  /** What the overlapping speech says so far; null when nothing was read yet. */
  text: string | null;
  /** The words are those that the loudspeaker has just said. */
  echoes: boolean;
  /** It is so much quieter than this user usually is that it is somebody else, or a loudspeaker. False while the user's level is unknown. */
  isFarOff: boolean;
  /** Mean of the voice detector over the sound: voices have 0.9 and more, music and laughter less. */
  voiceProbability: number;
  /** The answer sounds; before that there is nothing to nod to. */
  answerSounds: boolean;
  speechMs: number;
  /** False once the user is silent again and `text` covers all that they said. */
  stillTalking: boolean;
  /** How long the user has been silent. */
  silenceMs: number;
  /** The time for waiting is over. */
  mustDecide: boolean;
}

/** `yield`: the user wants the floor. `go-on`: they do not. `wait`: it cannot be told yet. */
export type OverlapDecision = 'yield' | 'go-on' | 'wait';

/** Speech without any recognised word that lasts longer than a cough or a laugh, and is as surely a voice as this. */
const LONG_SPEECH_MS = 450;
const SURELY_A_VOICE = 0.8;
/** A sound from far off is known as such after so much of it: the answer need not wait for its words. */
const FAR_OFF_AFTER_MS = 190;
/** Recognisers make "If I have" of the first half of "uh-huh": words of a sound that goes on count after so much of it. */
const BELIEVED_AFTER_MS = 550;
/**
 * A sound in which no word was recognised is a noise when nothing follows it for so long. A recogniser that is given 0.3 s of "Stop,"
 * sometimes hears nothing, and "wait" comes next.
 */
export const NOISE_IS_OVER_MS = 320;

/**
 * Is a sound during the answer an interruption? Words decide where there are any: two words that are no backchannel, or a request
 * for the floor, are, unless they come from the loudspeaker itself. Of a voice from far off only "stop" and the like count. Without
 * words, length and sureness do.
 */
export function decideOverlap(evidence: OverlapEvidence): OverlapDecision {
  const { text, echoes, isFarOff, speechMs, stillTalking, silenceMs, mustDecide } = evidence;
  const words = bareWords(text ?? '');
  if (isFarOff && speechMs >= FAR_OFF_AFTER_MS) return asksForSilence(words) ? 'yield' : 'go-on';
  if (text === null) return mustDecide ? withoutWords(evidence) : 'wait';
  if (words.length === 0) return mustDecide || (!stillTalking && silenceMs >= NOISE_IS_OVER_MS) ? 'go-on' : 'wait';
  if (echoes) return 'go-on';
  const isNod = evidence.answerSounds ? isBackchannel(words) : isHum(words);
  if (isNod) return stillTalking && !mustDecide ? 'wait' : 'go-on';
  if (asksForFloor(words)) return 'yield';
  // The answer is silent meanwhile: nothing is lost by hearing the word out.
  if (stillTalking && !mustDecide && speechMs < BELIEVED_AFTER_MS) return 'wait';
  if (words.filter((word) => !isBackchannel([word])).length >= 2) return 'yield';
  return stillTalking && !mustDecide ? 'wait' : 'yield';
}

function withoutWords({ speechMs, voiceProbability }: OverlapEvidence): OverlapDecision {
  return speechMs >= LONG_SPEECH_MS && voiceProbability >= SURELY_A_VOICE ? 'yield' : 'go-on';
}
