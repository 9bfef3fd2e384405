import type { NearIntent, ReplyFigures, ReplyTally, ShownIntent } from '../../main/contract/replies.ts';

export const STAGE_WORDS = {
  'follow-up': 'A question that was open',
  cache: 'The table of replies',
  skill: 'A skill',
} as const;

export const WHY_WORDS: Record<NearIntent['why'], string> = {
  answers: 'answers',
  condition: 'its condition is not met',
  turned: 'a word turns the sentence around',
  unlike: 'not like enough',
  close: 'another one is almost as like',
  later: 'another one comes first',
};

export const ORIGIN_WORDS: Record<ShownIntent['origin'], string> = {
  shipped: '',
  own: 'yours',
  changed: 'changed by you',
};

/** "3 min 20 s", "12.4 s", "0 s"; minus for time that was lost. */
export function spanWords(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const sign = ms < 0 && seconds >= 0.05 ? '−' : '';
  if (seconds < 60) return `${sign}${seconds < 0.05 ? '0' : seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes} min ${Math.round(seconds % 60)} s`;
  return `${sign}${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export interface Totals {
  cache: number;
  skill: number;
  model: number;
  /** Part of all answers that needed no model; null before the first. */
  freeShare: number | null;
  savedMs: number;
}

export function totalsOf({ tallies }: Pick<ReplyFigures, 'tallies'>): Totals {
  const count = (source: ReplyTally['source']): number =>
    tallies.filter((tally) => tally.source === source).reduce((sum, tally) => sum + tally.count, 0);
  const [cache, skill, model] = [count('cache'), count('skill'), count('model')];
  const all = cache + skill + model;
  return {
    cache,
    skill,
    model,
    freeShare: all === 0 ? null : (cache + skill) / all,
    savedMs: tallies.reduce((sum, { savedMs }) => sum + savedMs, 0),
  };
}

/** Whether a search for words finds the intent: in its name, phrases and answers. */
export function isFound({ id, phrases, answers }: ShownIntent, search: string): boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const text = [id, ...phrases, ...answers].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A text of one thing a line, without the empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
