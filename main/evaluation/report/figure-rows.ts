import type { Figures, Interval } from '../../contract/evaluation-report.ts';

/** One line of a table of figures, for every form of report. */
export const FIGURE_ROWS: readonly { name: string; words(figures: Figures): string }[] = [
  { name: 'Turns passed', words: ({ passRate, passed, turns }) => `${percent(passRate)} · ${passed} of ${turns}` },
  {
    name: 'Voice to voice, p50',
    words: ({ voiceToVoiceP50, voiceToVoiceMs }) => `${ms(voiceToVoiceP50)} · n ${voiceToVoiceMs.n}`,
  },
  { name: 'Voice to voice, p95', words: ({ voiceToVoiceP95 }) => ms(voiceToVoiceP95) },
  { name: 'Response rate', words: ({ responseRate }) => percent(responseRate) },
  { name: 'Takeover rate', words: ({ takeoverRate }) => percent(takeoverRate) },
  { name: 'Turns with a cut-in', words: ({ cutInRate }) => percent(cutInRate) },
  { name: 'Yield rate', words: ({ yieldRate, interruptions }) => `${percent(yieldRate)} · n ${interruptions}` },
  {
    name: 'Interruption to silence, p50 / p95',
    words: ({ toSilenceMs }) => `${plainMs(toSilenceMs.p50)} / ${plainMs(toSilenceMs.p95)}`,
  },
  { name: 'Selectivity', words: ({ selectivity, backchannels }) => `${percent(selectivity)} · n ${backchannels}` },
  { name: 'Word error rate', words: ({ wordErrorRate }) => percent(wordErrorRate) },
  { name: 'Heard-truth', words: ({ heardTruth }) => percent(heardTruth) },
  {
    name: 'Tool accuracy',
    words: ({ toolAccuracy, unaskedCalls }) => `${percent(toolAccuracy)} · ${unaskedCalls} unasked`,
  },
  { name: 'LLM-free share', words: ({ llmFreeShare }) => percent(llmFreeShare) },
  { name: 'Suspect stages', words: ({ suspects }) => suspectWords(suspects) },
];

export function suspectWords(suspects: Figures['suspects']): string {
  const sorted = Object.entries(suspects).toSorted(([, a], [, b]) => b - a);
  return sorted.length === 0 ? 'none' : sorted.map(([stage, count]) => `${stage} ${count}`).join(', ');
}

function percent(interval: Interval | null): string {
  if (!interval) return '–';
  const [value, low, high] = [interval.value, interval.low, interval.high].map((each) => Math.round(each * 1000) / 10);
  return `${value}% (${low}–${high})`;
}

function ms(interval: Interval | null): string {
  if (!interval) return '–';
  const [value, low, high] = [interval.value, interval.low, interval.high].map(Math.round);
  return `${value} ms (${low}–${high})`;
}

const plainMs = (value: number | null): string => (value === null ? '–' : `${Math.round(value)} ms`);
