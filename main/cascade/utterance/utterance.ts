import { normalise } from './normalise.ts';
import { withDigits } from './number-words.ts';
import { politeForms } from './politeness.ts';

/** The user's words, prepared once for every matcher. */
export interface Utterance {
  raw: string;
  /** Normalised. */
  text: string;
  /** The same with less and less politeness around it; the first is `text`. */
  forms: readonly string[];
  /** The forms with their numbers in digits. */
  numeric: readonly string[];
}

export function readUtterance(raw: string): Utterance {
  const text = normalise(raw);
  const forms = politeForms(text);
  return { raw, text, forms, numeric: forms.map(withDigits) };
}
