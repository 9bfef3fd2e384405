import type { AgentLine } from '../../main/contract/state.ts';

/** An answer's text, cut by what has left the loudspeaker. The four parts put together are the text. */
export interface SpokenText {
  heard: string;
  /** The word being spoken now; empty unless the answer is being spoken. */
  current: string;
  upcoming: string;
  /** Was never heard: the answer was interrupted before. */
  unheard: string;
}

export function spokenText({
  text,
  heardChars,
  status,
}: Pick<AgentLine, 'text' | 'heardChars' | 'status'>): SpokenText {
  const cut = Math.max(0, Math.min(text.length, heardChars));
  const heard = text.slice(0, cut);
  const rest = text.slice(cut);
  if (status === 'interrupted') {
    // The space between is left alone: a struck one looks like a dash.
    const words = rest.trimStart();
    return { heard: text.slice(0, text.length - words.length), current: '', upcoming: '', unheard: words };
  }
  if (status === 'thinking') return { heard: '', current: '', upcoming: text, unheard: '' };
  if (status !== 'speaking') return { heard: text, current: '', upcoming: '', unheard: '' };
  const begun = /\S*$/.exec(heard)![0];
  const ending = /^\S*/.exec(rest)![0];
  // Between two words, the next one is about to be spoken.
  const current = begun + ending === '' ? /^\s*\S*/.exec(rest)![0] : begun + ending;
  const start = cut - begun.length;
  return { heard: text.slice(0, start), current, upcoming: text.slice(start + current.length), unheard: '' };
}
