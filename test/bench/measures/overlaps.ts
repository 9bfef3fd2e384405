import type { PlannedClip } from '../clips/clip-sets.ts';
import { FixedWords } from '../product/fixed-words.ts';
import type { BargeScore, ClipScore, HoldScore } from '../../../main/evaluation/scoring/score-session.ts';
import { summariseBarges, summariseHolds, type BargeSummary, type HoldSummary } from '../scoring/summarise.ts';
import { converse } from '../session/conversation.ts';
import { runApp, type Bench } from './measure.ts';

/** Whose words the answers were. */
type Words = 'fixed' | 'own';

export interface BargeResult {
  words: Words;
  summary: BargeSummary;
  clips: (BargeScore & { source: string })[];
  lost: string[];
}

export interface HoldResult {
  words: Words;
  summary: HoldSummary;
  /** By where the sound comes from: the voice ("mm-hm"), noise, background speech. */
  bySource: Record<string, HoldSummary>;
  clips: (HoldScore & { source: string })[];
  lost: string[];
}

const QUICK_COUNT = { barge: 1, hold: 2 };
const QUICK_ANSWER_SECONDS = 3;
/** Long enough for a hold to show whether the answer goes on. */
const QUICK_HELD_ANSWER_SECONDS = 6;

/** Interruptions of an answer: how soon it is silent. */
export async function measureBarge(bench: Bench): Promise<BargeResult> {
  const { scores, words, lost } = await measureOverlaps(bench, 'barge');
  const clips = scores.filter((each): each is BargeScore & { source: string } => each.kind === 'barge');
  return { words, summary: summariseBarges(scores), clips, lost };
}

/** Sounds that are no interruption: whether the answer goes on under them. */
export async function measureHold(bench: Bench): Promise<HoldResult> {
  const { scores, words, lost } = await measureOverlaps(bench, 'hold');
  const clips = scores.filter((each): each is HoldScore & { source: string } => each.kind === 'hold');
  const sources = [...new Set(clips.map(({ source }) => source))];
  const bySource = Object.fromEntries(
    sources.map((source) => [source, summariseHolds(clips.filter((clip) => clip.source === source))]),
  );
  return { words, summary: summariseHolds(scores), bySource, clips, lost };
}

async function measureOverlaps(bench: Bench, kind: 'barge' | 'hold') {
  const count = Math.min(bench.maxTurns, bench.isQuick ? QUICK_COUNT[kind] : Infinity);
  const clips = await (kind === 'barge' ? bench.clips.interruptions(count) : bench.clips.holds(count));
  if (bench.ownWords) return { words: 'own' as const, ...(await scored(bench, { kind, clips, settings: {} })) };
  const model = await FixedWords.start();
  const closed = bench.keepTrack(() => model.stop());
  try {
    const settings = { endpoint: model.endpoint };
    return { words: 'fixed' as const, ...(await scored(bench, { kind, clips, settings })) };
  } finally {
    await model.stop();
    closed();
  }
}

function scored(
  bench: Bench,
  options: { kind: 'barge' | 'hold'; clips: PlannedClip[]; settings: Bench['settings'] },
): Promise<{ scores: (ClipScore & { source: string })[]; lost: string[] }> {
  const { kind, clips, settings } = options;
  const answerSeconds = kind === 'hold' ? QUICK_HELD_ANSWER_SECONDS : QUICK_ANSWER_SECONDS;
  return runApp(bench, settings, async (session, data) => {
    const conversation = await converse(session, {
      clips,
      stopAnswerAfterSeconds: bench.isQuick ? answerSeconds : undefined,
      onPlayed: ({ clip }) => clip.kind !== 'turn' && bench.say(`  ${clip.id}`),
    });
    await bench.kept.keep(kind, { conversation, session, data });
    const scores = conversation.clips.map(({ score, planned }) => ({ ...score, source: planned.source }));
    return { scores, lost: conversation.lost };
  });
}
