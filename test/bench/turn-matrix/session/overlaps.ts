import {
  scoreSession,
  type BargeScore,
  type HoldScore,
  type PlacedClip,
} from '../../../../main/evaluation/scoring/score-session.ts';
import { samplesOf, type MatrixSession } from './matrix-session.ts';
import type { OverlapClip, OverlapKind } from '../clips/overlap-clips.ts';

export interface MeasuredBarge extends BargeScore {
  overlapKind: OverlapKind;
}
export interface MeasuredHold extends HoldScore {
  overlapKind: OverlapKind;
  /** It was taken for a turn: its words are in the transcript. */
  drewTurn: boolean;
}
export interface MeasuredOverlaps {
  barges: MeasuredBarge[];
  holds: MeasuredHold[];
}

const REQUEST = 'Tell me a long story, please.';
const INTO_ANSWER_SECONDS = 1.5;
const ANSWER_LIMIT_SECONDS = 8;
/** How long the outcome is watched: what the score looks at. */
const HOLD_SECONDS = 4.2;
const BARGE_SECONDS = 2.6;
/** An answer of 17 s is left to go on for so long, and asked for anew after that. */
const ANSWER_SECONDS = 15;

/** Says the clips into a long answer that is asked for by typing, and asked for again when it has ended. */
export async function measureOverlaps(
  session: MatrixSession,
  clips: readonly OverlapClip[],
  onClip: (id: string) => void,
): Promise<MeasuredOverlaps> {
  const { bus } = session;
  const placed: { clip: OverlapClip; place: PlacedClip }[] = [];
  let answerFrom: number | undefined;
  for (const clip of clips) {
    const left = answerFrom === undefined ? 0 : answerFrom + samplesOf(ANSWER_SECONDS) - bus.now;
    const isGoingOn = bus.recording.silentFrames < 100 && left > clip.samples.length + samplesOf(HOLD_SECONDS);
    if (!isGoingOn) answerFrom = await newAnswer(session);
    const from = session.say(clip.samples);
    const { id, speech } = clip;
    const kind = clip.kind === 'interruption' ? ('barge' as const) : ('hold' as const);
    placed.push({ clip, place: { id, kind, startSample: from + speech.from, endSample: from + speech.to } });
    await session.wait((kind === 'barge' ? BARGE_SECONDS : HOLD_SECONDS) + speech.from / samplesOf(1));
    if (kind === 'barge') answerFrom = undefined;
    onClip(id);
  }
  session.stopAnswer();
  await session.wait(0.3);
  return scored(session, placed);
}

/** Returns where it began to sound. What follows is said some time into it. */
async function newAnswer(session: MatrixSession): Promise<number> {
  const { bus } = session;
  session.stopAnswer();
  await session.untilQuiet(0.5, ANSWER_LIMIT_SECONDS);
  const asked = bus.now;
  session.type(REQUEST);
  await bus.until(() => bus.recording.loudFramesSince(asked) > 5, ANSWER_LIMIT_SECONDS);
  const began = bus.now;
  await session.wait(INTO_ANSWER_SECONDS);
  return began;
}

function scored(session: MatrixSession, placed: { clip: OverlapClip; place: PlacedClip }[]): MeasuredOverlaps {
  const { recording } = session.bus;
  const scores = scoreSession({ loudspeaker: recording.loudspeaker, clips: placed.map(({ place }) => place) });
  const measured: MeasuredOverlaps = { barges: [], holds: [] };
  for (const [i, score] of scores.entries()) {
    const { clip, place } = placed[i]!;
    if (score.kind === 'barge') measured.barges.push({ ...score, overlapKind: clip.kind });
    if (score.kind !== 'hold') continue;
    const nextSample = placed[i + 1]?.place.startSample ?? recording.length;
    const drewTurn = session.seen.some(
      ({ at, line }) =>
        at >= place.startSample &&
        at < nextSample &&
        line.role === 'user' &&
        line.source === 'voice' &&
        line.status === 'final',
    );
    measured.holds.push({ ...score, overlapKind: clip.kind, drewTurn });
  }
  return measured;
}
