import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ecdf, linear, ticksTo } from '../../../../renderer/lib/compare/distribution.ts';
import { contextPoints, measuredPoints } from '../../../../renderer/lib/compare/plane.ts';
import { meanStages, stacked, stageRows } from '../../../../renderer/lib/compare/stage-words.ts';
import { comparisonReport } from '../../../fixtures/comparison-report.ts';

const report = comparisonReport();

describe('the distribution', () => {
  it('rises from nothing to all, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 9000 }), { minLength: 1 }), (values) => {
        const points = ecdf(values);
        expect(points[0]!.y).toBe(0);
        expect(points.at(-1)).toEqual({ x: Math.max(...values), y: 1 });
        points.slice(1).forEach((point, i) => {
          expect(point.x).toBeGreaterThanOrEqual(points[i]!.x);
          expect(point.y).toBeGreaterThanOrEqual(points[i]!.y);
        });
      }),
    );
    expect(ecdf([])).toEqual([]);
  });

  it('has a few round ticks that reach the greatest value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (max) => {
        const ticks = ticksTo(max);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
        expect(ticks.length).toBeGreaterThan(2);
        expect(ticks.length).toBeLessThan(8);
      }),
    );
    expect(ticksTo(2239)).toEqual([0, 500, 1000, 1500, 2000, 2500]);
  });

  it('puts everything in one place when there is no span', () => {
    expect(linear(5, 5, 10, 90)(5)).toBe(10);
    expect(linear(0, 1, 100, 0)(0.25)).toBe(75);
  });
});

describe('the plane', () => {
  it('has a place for each architecture that was interrupted and backchannelled, and for no other', () => {
    expect(measuredPoints(report.architectures).map(({ id }) => id)).toEqual([
      'cascade',
      'naive-cascade',
      'openai-realtime',
    ]);
    const [first] = report.architectures;
    expect(measuredPoints([{ ...first!, figures: { ...first!.figures, selectivity: null } }])).toEqual([]);
  });

  it('reads the published figures that are shipped, ranges by their middle, and keeps date and source', () => {
    const points = contextPoints(report.published);
    expect(points.map(({ label }) => label)).toEqual(['gpt-realtime-1.5', 'a LiveKit cascade', 'Qwen3.5-Omni']);
    expect(points[0]).toMatchObject({
      yieldRate: 1,
      selectivity: 0.03,
      source: 'τ-voice submissions, means over domains',
    });
    for (const { date } of points) expect(date).not.toBe('');
    expect(contextPoints([{ what: 'Voice to voice, median', figure: '864 ms', date: '', source: '' }])).toEqual([]);
  });
});

describe('stages', () => {
  it('have a mean that adds up to the mean of the whole', () => {
    const turns = report.turns.filter(({ stages }) => stages.length > 0);
    const whole = turns.reduce((sum, { stages }) => sum + stages.at(-1)!.toMs, 0) / turns.length;
    const bars = stacked(meanStages(turns));
    expect(bars.at(-1)!.toMs).toBeCloseTo(whole);
    bars.slice(1).forEach((bar, i) => expect(bar.fromMs).toBe(bars[i]!.toMs));
    expect(meanStages([{ stages: [] }])).toEqual([]);
  });

  it('are called by the names of the field, also those that are not known', () => {
    const rows = stageRows([
      { stage: 'listen', mark: 'reading', fromMs: 0, toMs: 100 },
      { stage: 'speak', mark: 'warmed-up', fromMs: 100, toMs: 120 },
    ]);
    expect(rows.map(({ label }) => label)).toEqual(['ASR: the words are read', 'Speaking: warmed up']);
  });
});
