import type { AnswerSource } from '../../../main/contract/state.ts';
import type { Settings } from '../../../main/platform/settings.ts';
import type { PlannedClip } from '../clips/clip-sets.ts';
import { cpuBetween, total, type Role } from '../process/process-meter.ts';
import { statisticsOf, type Statistics } from '../../../main/evaluation/scoring/statistics.ts';
import type { TurnScore } from '../../../main/evaluation/scoring/score-session.ts';
import { summariseTurns, type TurnsSummary } from '../scoring/summarise.ts';
import { converse, type Conversation, type ScoredClip } from '../session/conversation.ts';
import { answerLineAt, partialLatency, type PartialLatency } from '../../../main/evaluation/scoring/own-account.ts';
import type { Session } from '../session/session.ts';
import { memoryOf } from './idle.ts';
import { runApp, type Bench } from './measure.ts';

export interface MeasuredTurn extends TurnScore {
  source: string;
  /** By the app's own account; null when it gave none. */
  answeredBy: AnswerSource | null;
  /** The app's own account of voice to voice and of what happened when, in ms after what it takes for the end of speech. */
  ownVoiceToVoiceMs: number | null;
  ownMarksMs: Record<string, number>;
  cpuSeconds: number;
  partials: PartialLatency;
  slipMs: number;
}

export interface PartialsResult {
  firstWordsMs: Statistics;
  /** Turns whose first words were seen while the user still spoke. */
  whileSpeaking: number;
  turns: number;
  finalTextMs: Statistics;
}

export interface TurnsResult {
  summary: TurnsSummary;
  /** By the app's own account: a faster answer would make each of them a cut-in. */
  turnEndsInsideSpeech: number;
  /** In the order of their medians. */
  ownMarksMs: Record<string, Statistics>;
  ownVoiceToVoiceMs: Statistics;
  /** Of turns that have both. */
  recordedMinusOwnMs: Statistics;
  cpuSecondsPerTurn: Statistics;
  cpuSecondsPerTurnByProcess: Partial<Record<Role, Statistics>>;
  rssMb: Partial<Record<Role, number>>;
  peakRssMb: Partial<Record<Role, number>>;
  partials: PartialsResult;
  turns: MeasuredTurn[];
  lost: string[];
}

const QUICK_TURNS = 4;
const QUICK_ANSWER_SECONDS = 3;

export interface TurnsOptions {
  /** Default: the bench's turns. */
  clips?: PlannedClip[];
  settings?: Partial<Settings>;
  /** Name of the recording, if recordings are kept. Default `turns`. */
  keepAs?: string;
}

/** Single turns, each said when the answer to the one before is over: voice to voice, cut-ins, partials, CPU time. */
export async function measureTurns(bench: Bench, options: TurnsOptions = {}): Promise<TurnsResult> {
  const { settings = {}, keepAs = 'turns' } = options;
  const clips =
    options.clips ?? (await bench.clips.turns(Math.min(bench.maxTurns, bench.isQuick ? QUICK_TURNS : Infinity)));
  return runApp(bench, settings, async (session, data) => {
    const conversation = await converse(session, {
      clips,
      stopAnswerAfterSeconds: bench.isQuick ? QUICK_ANSWER_SECONDS : undefined,
      onPlayed: ({ clip }, isAnswered) => bench.say(`  ${clip.id}: ${isAnswered ? 'answered' : 'no answer'}`),
    });
    await bench.kept.keep(keepAs, { conversation, session, data });
    const memory = memoryOf(session.meter.look());
    return { ...summarise(session, conversation), ...memory };
  });
}

function summarise(session: Session, conversation: Conversation): Omit<TurnsResult, 'rssMb' | 'peakRssMb'> {
  const turns = conversation.clips.map((clip) => measuredTurn(session, clip));
  const both = turns.filter(
    ({ voiceToVoiceMs, ownVoiceToVoiceMs }) => voiceToVoiceMs !== null && ownVoiceToVoiceMs !== null,
  );
  return {
    summary: summariseTurns(turns),
    turnEndsInsideSpeech: turns.reduce((sum, { partials }) => sum + partials.endsInsideSpeech, 0),
    ownMarksMs: marksOf(turns),
    ownVoiceToVoiceMs: statisticsOf(turns.map((turn) => turn.ownVoiceToVoiceMs)),
    recordedMinusOwnMs: statisticsOf(both.map((turn) => turn.voiceToVoiceMs! - turn.ownVoiceToVoiceMs!)),
    ...cpuOf(conversation.clips),
    partials: {
      turns: turns.length,
      firstWordsMs: statisticsOf(turns.map(({ partials }) => partials.firstWordsMs)),
      whileSpeaking: turns.filter(({ partials }) => partials.whileSpeaking).length,
      finalTextMs: statisticsOf(turns.map(({ partials }) => partials.finalMs)),
    },
    turns,
    lost: conversation.lost,
  };
}

function measuredTurn({ client, recording }: Session, clip: ScoredClip): MeasuredTurn {
  const { sampleRateHz } = recording;
  const { placed, nextSample, planned, played } = clip;
  const score = clip.score as TurnScore;
  const positionAt = (atMs: number): number => recording.positionAt(atMs);
  const onsetSample = placed.endSample + ((score.voiceToVoiceMs ?? 0) / 1000) * sampleRateHz;
  const line =
    score.voiceToVoiceMs === null
      ? undefined
      : answerLineAt({ seen: client.agentLines, positionAt, sampleRateHz, onsetSample });
  const speech = { from: placed.startSample, to: placed.endSample };
  return {
    ...score,
    source: planned.source,
    answeredBy: line?.answeredBy ?? null,
    ownVoiceToVoiceMs: line?.timing.voiceToVoiceMs ?? null,
    ownMarksMs: Object.fromEntries(line?.timing.marks.map(({ name, atMs }) => [name, atMs]) ?? []),
    cpuSeconds: total(cpuBetween(played.usageBefore, played.usageAfter)),
    partials: partialLatency({ seen: client.userLines, positionAt, sampleRateHz, speech, nextSample }),
    slipMs: clip.slipMs,
  };
}

function marksOf(turns: readonly MeasuredTurn[]): Record<string, Statistics> {
  const names = new Set(turns.flatMap(({ ownMarksMs }) => Object.keys(ownMarksMs)));
  const marks = [...names].map((name) => [name, statisticsOf(turns.map((turn) => turn.ownMarksMs[name]))] as const);
  return Object.fromEntries(marks.toSorted(([, a], [, b]) => a.p50! - b.p50!));
}

function cpuOf(clips: readonly ScoredClip[]): Pick<TurnsResult, 'cpuSecondsPerTurn' | 'cpuSecondsPerTurnByProcess'> {
  const perTurn = clips.map(({ played }) => cpuBetween(played.usageBefore, played.usageAfter));
  const roles = new Set(perTurn.flatMap((byRole) => Object.keys(byRole) as Role[]));
  return {
    cpuSecondsPerTurn: statisticsOf(perTurn.map((byRole) => total(byRole))),
    cpuSecondsPerTurnByProcess: Object.fromEntries(
      [...roles].map((role) => [role, statisticsOf(perTurn.map((byRole) => byRole[role] ?? 0))]),
    ),
  };
}
