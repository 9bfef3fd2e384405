import { describe, expect, it } from 'vitest';
import type { EvaluationRun, Judgement } from '../../../../main/contract/evaluation.ts';
import type { Rerun } from '../../../../main/contract/evaluation-report.ts';
import { CASCADE_CAPABILITIES } from '../../../../main/cascade/cascade.ts';
import { rerunConclusion } from '../../../../main/contract/rerun-words.ts';
import { seededRandom } from '../../../../main/evaluation/seeded-random.ts';
import { blindPairs, blindStretch, isJudged, preferredTurns } from '../../../../renderer/lib/compare/blind-pairs.ts';
import { capabilityRows } from '../../../../renderer/lib/compare/capabilities.ts';
import { money, otherCosts, ownCosts, whatIf } from '../../../../renderer/lib/compare/money.ts';
import { rerunsOf } from '../../../../renderer/lib/compare/reruns.ts';
import {
  defaultArchitectures,
  entryWords,
  phaseWords,
  runSeconds,
} from '../../../../renderer/lib/compare/run-words.ts';
import { entry, evaluationState } from '../../../fakes/fake-evaluation.ts';
import { CHOICES, comparisonReport, PRICES } from '../../../fixtures/comparison-report.ts';

const report = comparisonReport();

describe('blind listening', () => {
  const pairs = blindPairs(report.turns, seededRandom(3));

  it('pairs two architectures’ answers to the same turn of the same repetition, each pair once', () => {
    const names = pairs.map(({ turnId, first, second }) => `${turnId} ${first.repetition} ${[first, second].map(({ architectureId }) => architectureId).toSorted().join(' ')}`); // prettier-ignore
    expect(new Set(names).size).toBe(pairs.length);
    for (const { turnId, first, second } of pairs) {
      expect([first.turnId, second.turnId]).toEqual([turnId, turnId]);
      expect(first.repetition).toBe(second.repetition);
      expect(first.architectureId).not.toBe(second.architectureId);
      expect(first.answerMs).not.toBeNull();
    }
  });

  it('lets chance say who is heard first, and in which order', () => {
    const firsts = pairs.filter(({ first, second }) => [first, second].some(({ architectureId }) => architectureId === 'cascade')).map(({ first }) => first.architectureId === 'cascade'); // prettier-ignore
    const share = firsts.filter(Boolean).length / firsts.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.75);
    expect(pairs.map(({ turnId }) => turnId)).not.toEqual(blindPairs(report.turns, seededRandom(4)).map(({ turnId }) => turnId)); // prettier-ignore
  });

  it('plays the end of the question, the wait and the answer', () => {
    const { first } = pairs[0]!;
    const { fromSeconds, toSeconds } = blindStretch({ ...first, fromSeconds: 2, toSeconds: 5, untilSeconds: 20, voiceToVoiceMs: 800, answerMs: 3000 }); // prettier-ignore
    expect([fromSeconds, toSeconds]).toEqual([4, 9.100000000000001]);
  });

  it('knows a pair that was judged, in whatever order it was heard, and the answers that won', () => {
    const { turnId, first, second } = pairs[0]!;
    const heard = ({ architectureId, repetition }: typeof first) => ({ architectureId, repetition });
    const judgement: Judgement = { turnId, a: heard(second), b: heard(first), preferred: 'b' };
    expect(isJudged(pairs[0]!, [judgement])).toBe(true);
    expect(isJudged({ ...pairs[0]!, turnId: 'other' }, [judgement])).toBe(false);
    const won = preferredTurns([judgement], report.turns, {
      winner: first.architectureId,
      loser: second.architectureId,
    });
    expect(won).toEqual([first]);
    expect(preferredTurns([judgement], report.turns, { winner: second.architectureId, loser: first.architectureId })).toEqual([]); // prettier-ignore
  });
});

describe('money', () => {
  it('multiplies minutes by what a minute of these conversations costs', () => {
    const cost = { ...report.architectures[0]!.cost[0]!, perMinute: 0.0525, currency: 'USD' };
    expect(whatIf([cost], 20_000)[0]).toMatchObject({ perMinute: '$0.0525', perMonth: '$1,050.00' });
    expect(money(1.5, 'EUR', 2)).toBe('€1.50');
  });

  it('keeps what an architecture is billed at apart from prices of others', () => {
    const hosted = report.architectures.find(({ id }) => id === 'openai-realtime')!;
    const own = ownCosts(hosted.cost, hosted.id, PRICES).map(({ id }) => id);
    expect(own.length).toBeGreaterThan(0);
    expect(own).not.toContain('on-this-machine');
    const others = otherCosts(report.architectures, PRICES).map(({ id }) => id);
    expect(others).toContain('ultravox');
    expect(others).not.toContain('on-this-machine');
    for (const id of own) expect(others).not.toContain(id);
  });
});

describe('capabilities', () => {
  it('are those that were told when it was measured, else those of now, else not known', () => {
    const [measured, , hosted] = report.architectures;
    const rows = capabilityRows(
      [
        { ...measured!, capabilities: { ...CASCADE_CAPABILITIES, tools: false } },
        { ...hosted!, capabilities: null },
        { ...hosted!, id: 'gone', kind: null, capabilities: null },
      ],
      CHOICES,
    );
    const valuesOf = (name: string) => rows.find((row) => row.name === name)!.values.map(({ has }) => has);
    expect(valuesOf('Tools')).toEqual([false, true, null]);
    expect(valuesOf('Offline')).toEqual([true, false, null]);
    expect(valuesOf('Debuggable stage by stage')).toEqual([true, false, null]);
  });
});

describe('a turn run again', () => {
  const turn = report.turns[0]!;
  const rerun: Rerun = { id: '1', at: '2030-01-01T12:00:00Z', turnId: turn.turnId, architectureId: turn.architectureId, repetition: turn.repetition, replaced: [{ stage: 'listen', text: 'x' }], turn, error: null }; // prettier-ignore

  it('is listed with its turn alone, newest first', () => {
    const later = { ...rerun, id: '2', at: '2030-01-01T12:05:00Z' };
    const other = { ...rerun, id: '3', repetition: 2 };
    expect(rerunsOf([rerun, other, later], turn).map(({ id }) => id)).toEqual(['2', '1']);
  });

  it('points to the stage that was replaced only when that helped', () => {
    const failed = { ...turn, passed: false };
    expect(rerunConclusion(failed, { ...rerun, turn: { ...turn, passed: true } })).toContain('points to listening');
    expect(rerunConclusion(failed, { ...rerun, turn: failed })).toContain('not the reason');
  });
});

describe('a run in words', () => {
  const { suites } = evaluationState();

  it('is as long as its suites, architectures and repetitions', () => {
    expect(runSeconds(suites, { chosen: ['rapid'], architectures: 2, repeat: 3 })).toBe(suites[0]!.seconds * 6);
    expect(runSeconds(suites, { chosen: ['rapid'], architectures: 2, repeat: Number.NaN })).toBe(0);
  });

  it('begins with the cascades that can be chosen', () => {
    expect(defaultArchitectures(CHOICES)).toEqual(['cascade', 'naive-cascade']);
    expect(defaultArchitectures(CHOICES.map((choice) => ({ ...choice, unavailable: 'no' })))).toEqual([]);
  });

  it('says what is done just now, and what a run of the list is', () => {
    const current = {
      suite: 's',
      scenario: 'c',
      title: 'Kitchen',
      architectureId: 'cascade',
      repetition: 2,
      turn: 6,
      turns: 6,
    };
    const run: EvaluationRun = { runId: 'r', title: '', kind: 'suites', architectureIds: [], repeat: 3, done: 1, total: 4, current, leftSeconds: 9, phase: 'measuring', isStopping: false }; // prettier-ignore
    expect(phaseWords(run, (id) => id)).toBe('cascade: Kitchen, 2 of 3, turn 6 of 6');
    expect(phaseWords({ ...run, isStopping: true }, (id) => id)).toContain('Stopping');
    expect(phaseWords({ ...run, phase: 'reporting' }, (id) => id)).toContain('Scoring');
    expect(entryWords(entry({ isComplete: false, done: 5, total: 27 }), (id) => id)).toContain('5 of 27 cells');
  });
});
