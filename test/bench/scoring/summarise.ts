import type { BargeScore, ClipScore, HoldScore, TurnScore } from '../../../main/evaluation/scoring/score-session.ts';
import { statisticsOf, type Statistics } from '../../../main/evaluation/scoring/statistics.ts';

export interface TurnsSummary {
  turns: number;
  answered: number;
  responseRate: number | null;
  voiceToVoiceMs: Statistics;
  within800Ms: number;
  /** How often the agent began to speak inside a user's turn, and in how many turns. */
  cutIns: number;
  turnsWithCutIn: number;
  soundingAtUserEnd: number;
}

export interface BargeSummary {
  interruptions: number;
  /** Only these count for the rate and the latency. */
  agentSounding: number;
  yielded: number;
  yieldRate: number | null;
  onsetToSilenceMs: Statistics;
  onsetToFirstQuietMs: Statistics;
  answeredAfter: number;
  voiceToVoiceAfterMs: Statistics;
}

export interface HoldSummary {
  /** At whose onset the agent sounded. */
  holds: number;
  kept: number;
  resumed: number;
  stopped: number;
  selectivity: number | null;
}

export function summariseTurns(scores: readonly ClipScore[]): TurnsSummary {
  const turns = scores.filter((score): score is TurnScore => score.kind === 'turn');
  const answered = turns.filter((turn) => turn.answered).length;
  return {
    turns: turns.length,
    answered,
    responseRate: rate(answered, turns.length),
    voiceToVoiceMs: statisticsOf(turns.map((turn) => turn.voiceToVoiceMs)),
    within800Ms: turns.filter(({ voiceToVoiceMs }) => voiceToVoiceMs !== null && voiceToVoiceMs <= 800).length,
    cutIns: turns.reduce((sum, turn) => sum + turn.cutInsMs.length, 0),
    turnsWithCutIn: turns.filter((turn) => turn.cutInsMs.length > 0).length,
    soundingAtUserEnd: turns.filter((turn) => turn.soundingAtEnd).length,
  };
}

export function summariseBarges(scores: readonly ClipScore[]): BargeSummary {
  const all = scores.filter((score): score is BargeScore => score.kind === 'barge');
  const sounding = all.filter((barge) => barge.wasSounding);
  const yielded = sounding.filter((barge) => barge.yielded).length;
  return {
    interruptions: all.length,
    agentSounding: sounding.length,
    yielded,
    yieldRate: rate(yielded, sounding.length),
    onsetToSilenceMs: statisticsOf(sounding.map((barge) => barge.toSilenceMs)),
    onsetToFirstQuietMs: statisticsOf(sounding.map((barge) => barge.toFirstQuietMs)),
    answeredAfter: all.filter((barge) => barge.answered).length,
    voiceToVoiceAfterMs: statisticsOf(all.map((barge) => barge.voiceToVoiceMs)),
  };
}

export function summariseHolds(scores: readonly ClipScore[]): HoldSummary {
  const holds = scores.filter((score): score is HoldScore => score.kind === 'hold' && score.wasSounding);
  const count = (outcome: HoldScore['outcome']): number => holds.filter((hold) => hold.outcome === outcome).length;
  return {
    holds: holds.length,
    kept: count('kept'),
    resumed: count('resumed'),
    stopped: count('stopped'),
    selectivity: rate(count('kept'), holds.length),
  };
}

const rate = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
