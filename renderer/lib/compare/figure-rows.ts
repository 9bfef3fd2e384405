import type { Figures } from '../../../main/contract/evaluation-report.ts';
import type { TurnResult } from '../../../main/contract/evaluation-turn.ts';
import { msWords, NOT_MEASURED, percentWords, plainMs, type FigureWords } from './number-words.ts';

/** One line of the summary, and which turns stand behind it. */
export interface FigureRow {
  id: string;
  name: string;
  /** Name under which the report defines it. */
  definition: string;
  /** Which way is better; null: neither, by itself. */
  better: 'higher' | 'lower' | null;
  words(figures: Figures): FigureWords & { note: string };
  /** The turn is counted in this figure. */
  counts(turn: TurnResult): boolean;
  /** Of the turns that count: what it says about this one, in words; `bad` where it speaks against the architecture. */
  says(turn: TurnResult): { words: string; bad: boolean };
}

const yes = (words: string): { words: string; bad: boolean } => ({ words, bad: false });
const no = (words: string): { words: string; bad: boolean } => ({ words, bad: true });
const answered = ({ answerMs, soundingAtEnd }: TurnResult): boolean => answerMs !== null || soundingAtEnd;
const n = (count: number): string => `n = ${count}`;

export const FIGURE_ROWS: readonly FigureRow[] = [
  {
    id: 'passed',
    name: 'Turns passed',
    definition: 'passed',
    better: 'higher',
    words: ({ passRate, passed, turns }) => ({ ...percentWords(passRate), note: `${passed} of ${turns}` }),
    counts: () => true,
    says: (turn) => (turn.passed ? yes('passed') : no('not passed')),
  },
  {
    id: 'v2v-p50',
    name: 'Voice to voice, p50',
    definition: 'voice to voice',
    better: 'lower',
    words: ({ voiceToVoiceP50, voiceToVoiceMs }) => ({ ...msWords(voiceToVoiceP50), note: n(voiceToVoiceMs.n) }),
    counts: ({ voiceToVoiceMs }) => voiceToVoiceMs !== null,
    says: ({ voiceToVoiceMs }) => yes(plainMs(voiceToVoiceMs)),
  },
  {
    id: 'v2v-p95',
    name: 'Voice to voice, p95',
    definition: 'voice to voice',
    better: 'lower',
    words: ({ voiceToVoiceP95, voiceToVoiceMs }) => ({ ...msWords(voiceToVoiceP95), note: n(voiceToVoiceMs.n) }),
    counts: ({ voiceToVoiceMs }) => voiceToVoiceMs !== null,
    says: ({ voiceToVoiceMs }) => yes(plainMs(voiceToVoiceMs)),
  },
  {
    id: 'response',
    name: 'Response rate',
    definition: 'response rate',
    better: 'higher',
    words: ({ responseRate }) => ({ ...percentWords(responseRate), note: '' }),
    counts: ({ answerExpected }) => answerExpected,
    says: (turn) => (answered(turn) ? yes('answered') : no('no answer')),
  },
  {
    id: 'takeover',
    name: 'Takeover rate (TOR)',
    definition: 'takeover rate',
    better: 'higher',
    words: ({ takeoverRate }) => ({ ...percentWords(takeoverRate), note: '' }),
    counts: ({ answerExpected, tookFloor }) => answerExpected && tookFloor !== null,
    says: ({ tookFloor }) => (tookFloor ? yes('took the floor') : no('did not take the floor')),
  },
  {
    id: 'cut-in',
    name: 'Turns with a cut-in',
    definition: 'cut-in',
    better: 'lower',
    words: ({ cutInRate }) => ({ ...percentWords(cutInRate), note: '' }),
    counts: ({ as }) => as === 'turn',
    says: ({ cutIns }) => (cutIns > 0 ? no(`${cutIns} cut-in${cutIns === 1 ? '' : 's'}`) : yes('none')),
  },
  {
    id: 'yield',
    name: 'Yield rate',
    definition: 'yield rate',
    better: 'higher',
    words: ({ yieldRate, interruptions }) => ({ ...percentWords(yieldRate), note: n(interruptions) }),
    counts: ({ yielded }) => yielded !== null,
    says: ({ yielded, toSilenceMs }) =>
      yielded ? yes(`silent after ${plainMs(toSilenceMs)}`) : no('went on under the interruption'),
  },
  {
    id: 'to-silence',
    name: 'Interruption to silence, p50 / p95',
    definition: 'yield rate',
    better: 'lower',
    words: ({ toSilenceMs: { p50, p95, n: count } }) => ({
      value: p50 === null ? NOT_MEASURED : `${Math.round(p50)} / ${plainMs(p95)}`,
      interval: '',
      note: count > 0 ? n(count) : '',
    }),
    counts: ({ yielded, toSilenceMs }) => yielded !== null && toSilenceMs !== null,
    says: ({ toSilenceMs }) => yes(plainMs(toSilenceMs)),
  },
  {
    id: 'selectivity',
    name: 'Selectivity',
    definition: 'selectivity',
    better: 'higher',
    words: ({ selectivity, backchannels }) => ({ ...percentWords(selectivity), note: n(backchannels) }),
    counts: ({ selective }) => selective !== null,
    says: ({ selective }) => (selective ? yes('went on, rightly') : no('took it for a turn')),
  },
  {
    id: 'wer',
    name: 'Word error rate',
    definition: 'word error rate',
    better: 'lower',
    words: ({ wordErrorRate }) => ({ ...percentWords(wordErrorRate), note: '' }),
    counts: ({ wordErrors }) => wordErrors !== null,
    says: ({ wordErrors, referenceWords }) => {
      const words = `${wordErrors} of ${referenceWords} words wrong`;
      return wordErrors === 0 ? yes(words) : no(words);
    },
  },
  {
    id: 'heard-truth',
    name: 'Heard-truth',
    definition: 'heard-truth',
    better: 'higher',
    words: ({ heardTruth }) => ({ ...percentWords(heardTruth), note: '' }),
    counts: ({ heardTruthErrors }) => heardTruthErrors !== null,
    says: ({ heardTruthErrors, heardTruthWords }) => {
      const words = `${heardTruthErrors} of ${heardTruthWords} words differ`;
      return heardTruthErrors === 0 ? yes(words) : no(words);
    },
  },
  {
    id: 'tools',
    name: 'Tool accuracy',
    definition: 'tool accuracy',
    better: 'higher',
    words: ({ toolAccuracy, unaskedCalls }) => ({
      ...percentWords(toolAccuracy),
      note: unaskedCalls > 0 ? `${unaskedCalls} unasked` : '',
    }),
    counts: ({ toolsExpected, toolsUnasked }) => toolsExpected > 0 || toolsUnasked > 0,
    says: ({ toolsExpected, toolsRight, toolsUnasked }) => {
      const words = `${toolsRight} of ${toolsExpected} right${toolsUnasked > 0 ? `, ${toolsUnasked} unasked` : ''}`;
      return toolsRight === toolsExpected && toolsUnasked === 0 ? yes(words) : no(words);
    },
  },
  {
    id: 'llm-free',
    name: 'LLM-free share',
    definition: 'LLM-free share',
    better: null,
    words: ({ llmFreeShare }) => ({ ...percentWords(llmFreeShare), note: '' }),
    counts: ({ answeredBy }) => answeredBy !== null,
    says: ({ answeredBy }) => yes(`answered by ${answeredBy === 'cache' ? 'the table of replies' : answeredBy}`),
  },
];

/** The row of that id; a drill-down names it. */
export function figureRow(id: string): FigureRow | undefined {
  return FIGURE_ROWS.find((row) => row.id === id);
}

/** As the row says it; what one turn alone gives is no interval, however the bootstrap draws. */
export function figureWords(row: FigureRow, figures: Figures): { value: string; about: string } {
  const { value, interval, note } = row.words(figures);
  const range = interval !== '' && figures.turns < 2 ? 'one turn, no interval' : interval;
  return { value, about: [range, note].filter((part) => part !== '').join(' · ') };
}
