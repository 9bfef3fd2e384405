import type { Comparison } from '../../../main/contract/evaluation-report.ts';
import { figureRow, type FigureRow } from './figure-rows.ts';
import { pWords } from './number-words.ts';

export interface Verdict {
  measure: string;
  a: string;
  b: string;
  aId: string;
  bId: string;
  /** What is told of the turns behind it. */
  figure: FigureRow | undefined;
  isShown: boolean;
  /** What the test says, as a sentence. */
  words: string;
  /** "B − A: 420 ms (95% CI 310 to 530)"; empty without pairs. */
  difference: string;
  evidence: string;
}

const decimals = new Intl.NumberFormat('en', { maximumFractionDigits: 2, signDisplay: 'exceptZero' });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0, signDisplay: 'exceptZero', useGrouping: false });

/** The figure of the same thing. */
const FIGURES: Record<string, string> = {
  'voice to voice, ms': 'v2v-p50',
  'turns not passed': 'passed',
  'interruption to silence, ms': 'to-silence',
  'backchannels taken for turns': 'selectivity',
  'word errors': 'wer',
};

/** Results of the paired tests in words. "No difference shown" is one of them: it does not say that there is none. */
export function verdictsOf(comparisons: readonly Comparison[], labelOf: (id: string) => string): Verdict[] {
  return comparisons.map(({ measure, a, b, pairs, meanDifference, low, high, p, verdict }) => {
    const [name = measure, unit = ''] = measure.split(', ');
    const is = (id: string): string => `${labelOf(id)} is lower`;
    const words = verdict === 'no difference shown' ? 'No difference shown' : is(verdict === 'A is lower' ? a : b);
    const of = (value: number | null): string =>
      value === null ? '–' : (unit === 'ms' ? whole : decimals).format(value).replace('-', '−');
    return {
      measure: name.charAt(0).toUpperCase() + name.slice(1),
      a: labelOf(a),
      b: labelOf(b),
      aId: a,
      bId: b,
      figure: figureRow(FIGURES[measure] ?? ''),
      isShown: verdict !== 'no difference shown',
      words,
      difference:
        meanDifference === null
          ? ''
          : `B − A: ${of(meanDifference)}${unit === '' ? '' : ` ${unit}`} (95% CI ${of(low)} to ${of(high)})`,
      evidence: `${pWords(p)}, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`,
    };
  });
}
