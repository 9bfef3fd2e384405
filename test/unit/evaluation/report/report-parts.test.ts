import { expect, test } from 'vitest';
import shippedPrices from '../../../../main/evaluation/prices.json' with { type: 'json' };
import { buildReport } from '../../../../main/evaluation/report/build-report.ts';
import { costOf } from '../../../../main/evaluation/report/cost.ts';
import { pricesSchema } from '../../../../main/contract/evaluation-prices.ts';
import { csvReport } from '../../../../main/evaluation/report/csv-report.ts';
import { html } from '../../../../main/evaluation/report/html.ts';
import { parseThreshold, unmetThresholds } from '../../../../main/evaluation/report/thresholds.ts';
import type { TurnResult } from '../../../../main/contract/evaluation-turn.ts';

const { prices } = pricesSchema.parse(shippedPrices);
const session = { minutes: { connected: 2, user: 0.5, agent: 1 }, answers: 3 };
const price = (id: string) => prices.find((each) => each.id === id)!;
const empty = buildReport({ at: '', cells: [], circumstances: {}, architectures: [], prices });

test('costs follow their meter: time, components, or tokens with all audio before billed again', () => {
  expect(costOf(price('ultravox'), [session])!.perMinute).toBeCloseTo(0.05);
  expect(costOf(price('gemini-3.1-flash-live'), [session])!.perMinute).toBeCloseTo((0.5 * 0.005 + 0.018) / 2);
  const tokens = (300 * 32 + ((300 + 1200) * 2 * 0.4) / 2 + 1200 * 64) / 1e6 / 2;
  expect(costOf(price('gpt-realtime-2'), [session])!.perMinute).toBeCloseTo(tokens);
  expect(costOf(price('ultravox'), [])).toBeNull();
});

test('a threshold names a figure, and one that was not measured is not met', () => {
  expect(parseThreshold('cascade:v2v-p95<=1200')).toEqual({
    architectureId: 'cascade',
    metric: 'v2v-p95',
    relation: '<=',
    limit: 1200,
  });
  expect(() => parseThreshold('speed>3')).toThrow(/v2v-p50/);
  expect(unmetThresholds(empty, [parseThreshold('cascade:v2v-p95<=1200')])).toEqual(['cascade was not measured']);
});

test('words in reports are text: no markup, no formula', () => {
  expect(html`<p>${'<script>"&'}</p>`.text).toBe('<p>&#60;script&#62;&#34;&#38;</p>');
  const turn = { text: '=HYPERLINK("x")', agentWords: 'a, "b"' } as Partial<TurnResult> as TurnResult;
  const lines = csvReport({ ...empty, turns: [turn] }).split('\r\n');
  expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
  expect(lines[1]).toContain('"a, ""b"""');
});
