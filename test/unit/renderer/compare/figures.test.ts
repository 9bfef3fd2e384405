import { describe, expect, it } from 'vitest';
import { FIGURE_ROWS, figureRow, figureWords } from '../../../../renderer/lib/compare/figure-rows.ts';
import {
  clockWords,
  msWords,
  percentWords,
  pWords,
  timeLeftWords,
} from '../../../../renderer/lib/compare/number-words.ts';
import { suspectGroups } from '../../../../renderer/lib/compare/report-words.ts';
import { toolTotals } from '../../../../renderer/lib/compare/tool-table.ts';
import { verdictsOf } from '../../../../renderer/lib/compare/verdicts.ts';
import { comparisonReport } from '../../../fixtures/comparison-report.ts';

const report = comparisonReport();

describe('a figure and the turns behind it', () => {
  it('are of the same turns: counting them again gives the figure of the report', () => {
    for (const { id, figures } of report.architectures) {
      const own = report.turns.filter(({ architectureId }) => architectureId === id);
      const behind = (row: string) => own.filter(figureRow(row)!.counts);
      const good = (row: string) => behind(row).filter((turn) => !figureRow(row)!.says(turn).bad).length;
      expect(behind('v2v-p50')).toHaveLength(figures.voiceToVoiceMs.n);
      expect(behind('yield')).toHaveLength(figures.interruptions);
      expect(behind('selectivity')).toHaveLength(figures.backchannels);
      expect(behind('to-silence')).toHaveLength(figures.toSilenceMs.n);
      expect(good('passed')).toBe(figures.passed);
      const rates = [
        ['response', figures.responseRate],
        ['takeover', figures.takeoverRate],
        ['yield', figures.yieldRate],
        ['selectivity', figures.selectivity],
      ] as const;
      for (const [row, rate] of rates) expect(good(row) / behind(row).length).toBeCloseTo(rate!.value);
      expect(1 - good('cut-in') / behind('cut-in').length).toBeCloseTo(figures.cutInRate!.value);
      const errors = behind('wer').reduce((sum, { wordErrors }) => sum + wordErrors!, 0);
      const words = behind('wer').reduce((sum, { referenceWords }) => sum + referenceWords, 0);
      if (figures.wordErrorRate) expect(errors / words).toBeCloseTo(figures.wordErrorRate.value);
      else expect(behind('wer')).toEqual([]);
    }
  });

  it('has no interval when it is of one turn alone', () => {
    const { figures } = report.architectures[0]!;
    const row = figureRow('v2v-p50')!;
    expect(figureWords(row, figures).about).toContain('95% CI');
    expect(figureWords(row, { ...figures, turns: 1 }).about).toContain('one turn, no interval');
    expect(figureWords(row, { ...figures, turns: 1, voiceToVoiceP50: null }).about).not.toContain('interval');
  });

  it('has a definition in the report', () => {
    for (const { definition } of FIGURE_ROWS) expect(report.definitions[definition]).toBeDefined();
  });

  it('says of each suspect stage as many turns as the report counts', () => {
    for (const { id, figures } of report.architectures) {
      const groups = suspectGroups(report.turns.filter(({ architectureId }) => architectureId === id));
      expect(Object.fromEntries(groups.map(({ stage, turns }) => [stage, turns.length]))).toEqual(figures.suspects);
    }
  });

  it('counts tools as the report does', () => {
    for (const { id, figures } of report.architectures) {
      const totals = toolTotals(report.turns.filter(({ architectureId }) => architectureId === id))!;
      expect(totals.right / totals.expected).toBeCloseTo(figures.toolAccuracy!.value);
      expect(totals.tools.map(({ name }) => name)).toEqual(['book_table']);
    }
    expect(toolTotals([])).toBeNull();
  });
});

describe('numbers in words', () => {
  it('give intervals with their share, and a dash where nothing was measured', () => {
    expect(percentWords({ value: 0.875, low: 0.8, high: 0.94 })).toEqual({ value: '87.5%', interval: '95% CI 80–94%' });
    expect(msWords({ value: 612.4, low: 580, high: 700.6 })).toEqual({
      value: '612 ms',
      interval: '95% CI 580–701 ms',
    });
    expect(percentWords(null)).toEqual({ value: '–', interval: '' });
  });

  it('never call a small p zero, and give places and waits no finer than they are known', () => {
    expect(pWords(0.0002)).toBe('p < 0.001');
    expect(pWords(0.0421)).toBe('p = 0.042');
    expect(clockWords(67.44)).toBe('1:07.4');
    expect(clockWords(59.98)).toBe('1:00.0');
    expect([null, 2000, 23_000, 340_000].map(timeLeftWords)).toEqual([
      'Time left: not known yet',
      'Nearly done',
      'About 25 s left',
      'About 6 min left',
    ]);
  });
});

describe('A against B', () => {
  it('names who is lower, or says that no difference was shown', () => {
    const common = { a: 'x', b: 'y', pairs: 9, low: 300.4, high: 540 };
    const [shown, not] = verdictsOf(
      [
        { ...common, measure: 'voice to voice, ms', meanDifference: 421.6, p: 0.004, verdict: 'A is lower' },
        { ...common, measure: 'word errors', pairs: 1, meanDifference: -0.126, p: 1, verdict: 'no difference shown' },
      ],
      (id) => id.toUpperCase(),
    );
    expect(shown).toMatchObject({
      measure: 'Voice to voice',
      words: 'X is lower',
      difference: 'B − A: +422 ms (95% CI +300 to +540)',
      evidence: 'p = 0.004, 9 pairs',
    });
    expect(shown?.figure?.id).toBe('v2v-p50');
    expect(not).toMatchObject({ words: 'No difference shown', isShown: false, evidence: 'p = 1.000, 1 pair' });
    expect(not?.difference).toContain('−0.13');
  });

  it('tells figures of every measure of the report', () => {
    for (const { figure } of verdictsOf(report.comparisons, (id) => id)) expect(figure).toBeDefined();
  });
});
