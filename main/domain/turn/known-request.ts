import { bareWords } from '../barge-in/vocabulary.ts';
import { endsInNumber } from '../endpointing/dictation.ts';
import { phraseShape } from '../endpointing/phrase-shape.ts';
import { mannerOf } from '../endpointing/speaker-habits.ts';
import { isKnownAnswer } from './evidence.ts';
import type { Answer, Reading, TurnState, Utterance } from './state.ts';

/** "Stop", "hello" and "thank you" begin many sentences; three words that code has an answer to rarely do. */
const LEAST_WORDS = 3;
/** Somebody who pauses this much more often than most people gets the time that others need no longer. */
const PAUSES_OFTEN = 1.5;

/**
 * The words of the open utterance, if code has understood the whole of them and has its answer ready: a request in full form, whose slots are
 * filled, has hardly any way to go on. Null otherwise. Nothing of the sound has to be judged then.
 */
export function knownRequest({ answer, habits, pushToTalkHeld }: TurnState, utterance: Utterance): Reading | null {
  const { pause, partial, overlap, releasedAtMs } = utterance;
  if (!pause || pause.speechWindows > 0 || overlap || utterance.overAnswer || pushToTalkHeld || releasedAtMs !== null)
    return null;
  if (!partial || partial.endSample < utterance.lastSpeechSample) return null;
  if (!isKnownAnswer(answer, utterance.turnId, partial.text) || !answer.speculative) return null;
  if (!isWhole(partial.text, answer.knownBy) || mannerOf(habits).pausing > PAUSES_OFTEN) return null;
  const { text, endSample, echoes } = partial;
  return { text, toSample: endSample, completeProbability: null, echoes };
}

/** Statements that a skill keeps ("My flight leaves on Sunday") often have more to them; those that the table answers are set phrases. */
function isWhole(text: string, knownBy: Answer['knownBy']): boolean {
  const words = bareWords(text);
  const shape = phraseShape(text);
  const isInFullForm = shape === 'question' || (shape === 'statement' && knownBy === 'cache');
  return words.length >= LEAST_WORDS && isInFullForm && !endsInNumber(words);
}
