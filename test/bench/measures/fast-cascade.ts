import everyday from '../../fixtures/everyday.json' with { type: 'json' };
import type { AnswerSource } from '../../../main/contract/state.ts';
import { SkillRig } from '../../unit/cascade/skills/skill-rig.ts';
import { statisticsOf, type Statistics } from '../../../main/evaluation/scoring/statistics.ts';
import type { Bench } from './measure.ts';
import { measureTurns, type MeasuredTurn, type TurnsResult } from './turns.ts';

/** Who answered: by the app's own account. `other`: it gave none. */
export type AnsweredBy = AnswerSource | 'other';

export interface SourceFigures {
  voiceToVoiceMs: Statistics;
  cpuSecondsPerTurn: Statistics;
}

export interface FastCascadeResult {
  /** Of a text set, decided without audio. */
  llmFree: { utterances: number; withoutModel: number; wrong: number };
  tuned: SourceFigures;
  tunedBySource: Partial<Record<AnsweredBy, SourceFigures>>;
  naive: SourceFigures;
  /** Tuned median / naive median over the same clips: all of them, and those that the language model answered in both. */
  ratio: number | null;
  ratioOfModelTurns: number | null;
  tunedTurns: TurnsResult;
  naiveTurns: TurnsResult;
}

/** The same everyday clips said to the cascade and to a naive one of the same engines, in one run. */
export async function measureFastCascade(bench: Bench): Promise<FastCascadeResult> {
  const clips = await bench.clips.everyday(Math.min(bench.maxTurns, bench.isQuick ? 6 : Infinity));
  bench.say('  the cascade');
  const tunedTurns = await measureTurns(bench, { clips, keepAs: 'cascade' });
  bench.say('  the naive cascade');
  const naiveTurns = await measureTurns(bench, {
    clips,
    keepAs: 'naive-cascade',
    settings: { architectureId: 'naive-cascade' },
  });
  const byModel = tunedTurns.turns.filter(({ answeredBy }) => answeredBy === 'model');
  const ids = new Set(byModel.map(({ id }) => id));
  return {
    llmFree: llmFreeShare(),
    tuned: figuresOf(tunedTurns.turns),
    tunedBySource: bySource(tunedTurns.turns),
    naive: figuresOf(naiveTurns.turns),
    ratio: ratioOfMedians(tunedTurns.turns, naiveTurns.turns),
    ratioOfModelTurns: ratioOfMedians(
      byModel,
      naiveTurns.turns.filter(({ id }) => ids.has(id)),
    ),
    tunedTurns,
    naiveTurns,
  };
}

function bySource(turns: readonly MeasuredTurn[]): FastCascadeResult['tunedBySource'] {
  const groups = Map.groupBy(turns, ({ answeredBy }): AnsweredBy => answeredBy ?? 'other');
  return Object.fromEntries([...groups].map(([source, some]) => [source, figuresOf(some)]));
}

function figuresOf(turns: readonly MeasuredTurn[]): SourceFigures {
  return {
    voiceToVoiceMs: statisticsOf(turns.map(({ voiceToVoiceMs }) => voiceToVoiceMs)),
    cpuSecondsPerTurn: statisticsOf(turns.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

function ratioOfMedians(some: readonly MeasuredTurn[], others: readonly MeasuredTurn[]): number | null {
  const { p50: one } = figuresOf(some).voiceToVoiceMs;
  const { p50: other } = figuresOf(others).voiceToVoiceMs;
  return one === null || other === null ? null : one / other;
}

/** The stages before the model, asked as text: what test/unit/cascade/skills/everyday.test.ts holds to. */
function llmFreeShare(): FastCascadeResult['llmFree'] {
  let withoutModel = 0;
  let wrong = 0;
  for (const turn of everyday as EverydayTurn[]) {
    const { stage, text } = new SkillRig().ask(turn.say, turn.before ? [turn.before] : []);
    if (stage === 'model') continue;
    const isRight = stage === turn.stage && (turn.answer === undefined || new RegExp(turn.answer).test(text));
    if (isRight) withoutModel++;
    else wrong++;
  }
  return { utterances: everyday.length, withoutModel, wrong };
}

interface EverydayTurn {
  say: string;
  stage: string;
  answer?: string;
  before?: { user: string; heard: string };
}
