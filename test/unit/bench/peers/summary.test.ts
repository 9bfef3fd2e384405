import { describe, expect, test } from 'vitest';
import { planRow } from '../../../bench/peers/plan.ts';
import { summaryLines } from '../../../bench/peers/report/print-summary.ts';
import { summarise, type RowSummary } from '../../../bench/peers/report/summary.ts';
import type { PeerClip, PeerSessionResult } from '../../../bench/peers/session/session-result.ts';

const common = { source: 'test', speechMs: 1000, slipMs: 0, isRequest: false, turnEndsMs: [300], answeredBy: null };

function turn(id: string, voiceToVoiceMs: number | null, more: Partial<PeerClip> = {}): PeerClip {
  const score = {
    kind: 'turn',
    id,
    wasSounding: false,
    answered: true,
    voiceToVoiceMs,
    cutInsMs: [],
    soundingAtEnd: false,
  } as const;
  return { ...common, ...score, answerMs: 1000, cpuSeconds: 1, serverCpuSeconds: 0.5, ...more } as PeerClip;
}

function barge(id: string, toSilenceMs: number): PeerClip {
  const yielded = toSilenceMs <= 2000;
  const score = { kind: 'barge', id, wasSounding: true, toSilenceMs, toFirstQuietMs: toSilenceMs, yielded } as const;
  const after = { answered: false, voiceToVoiceMs: null, answerMs: null };
  return { ...common, ...score, ...after, cpuSeconds: 1, serverCpuSeconds: null };
}

function session(place: number, clips: PeerClip[]): PeerSessionResult {
  return {
    session: planRow('same-weights', { isTwice: true })[place - 1]!,
    planned: clips.map(({ id }) => id),
    at: '2026-01-01T00:00:00Z',
    loadAverage: [0],
    tookSeconds: 1,
    coldStartMs: place * 1000,
    idle: { seconds: 10, cpuPercent: place },
    peakRssMb: { product: place * 100, server: 400 },
    clips,
    lost: [],
  };
}

function rowOf(...results: PeerSessionResult[]): RowSummary {
  return summarise(results)['same-weights']!;
}

describe('the head-to-head in figures', () => {
  test('the ratio of voice to voice is taken over the clips that both have, whichever session they were in', () => {
    const { ratios } = rowOf(
      session(1, [turn('a', 500), turn('b', 700), turn('only-here', 9000)]),
      session(2, [turn('a', 1000), turn('b', 1400)]),
      session(4, [turn('a', 500), turn('b', 700)]),
    );
    expect(ratios.voiceToVoiceP50).toMatchObject({ value: 0.5 });
    expect(ratios.voiceToVoiceP50!.low).toBeLessThanOrEqual(0.5);
  });

  test('clips that code or a table answered are left out where the same work is compared', () => {
    const { modelTurns, products } = rowOf(
      session(1, [turn('a', 100, { answeredBy: 'skill' }), turn('b', 600, { answeredBy: 'model' })]),
      session(2, [turn('a', 1200), turn('b', 1200)]),
    );
    expect(modelTurns.clips).toBe(1);
    expect(modelTurns.ratios.voiceToVoiceP50?.value).toBe(0.5);
    expect(products.parley.answeredBy).toEqual({ skill: 1, model: 1 });
  });

  test('a turn end that was declared inside the speech counts, heard or not; one after it does not', () => {
    const { products } = rowOf(session(2, [turn('a', 800, { turnEndsMs: [-900, -400, 250] }), turn('b', 800)]));
    expect(products.pipecat).toMatchObject({ turnEndsInsideSpeech: 2, turnsWithEndInsideSpeech: 1 });
  });

  test('requests whose long answers are interrupted are no turns, and interruptions are counted', () => {
    const clips = [turn('a', 800), turn('r', 5000, { isRequest: true }), barge('i', 400), barge('j', 2500)];
    const { products } = rowOf(session(3, clips));
    expect(products.pipecat.turns).toMatchObject({ turns: 1, voiceToVoiceMs: { p50: 800 } });
    expect(products.pipecat.barges).toMatchObject({ yielded: 1, agentSounding: 2 });
  });

  test("the product's own time and the model server's are told apart, and peaks are the largest", () => {
    const { products, ratios } = rowOf(session(1, [turn('a', 500)]), session(4, [turn('a', 500)]), session(2, [turn('a', 1000, { cpuSeconds: 4 })])); // prettier-ignore
    expect(products.parley).toMatchObject({
      peakRssMb: 400,
      serverPeakRssMb: 400,
      serverCpuSecondsPerTurn: { p50: 0.5 },
    });
    expect(ratios.cpuSeconds?.value).toBe(0.25);
    expect(ratios.allCpuSeconds?.value).toBeCloseTo(1.5 / 4.5);
  });

  test('a row with one product alone has no ratios, and is printed all the same', () => {
    const row = rowOf(session(1, [turn('a', 500)]));
    expect(row.ratios.voiceToVoiceP50).toBeNull();
    const lines = summaryLines({ 'same-weights': row });
    expect(lines.join('\n')).toContain('| voice to voice p50 / p95, ms | 500 / 500 (n=1) | – |');
  });

  test('rows that were not measured are not there', () => {
    expect(summarise([])).toEqual({});
  });
});
