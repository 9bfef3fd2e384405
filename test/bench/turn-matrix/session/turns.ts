import { scoreSession, type PlacedClip, type TurnScore } from '../../../../main/evaluation/scoring/score-session.ts';
import type { TurnClip, TurnKind } from '../clips/turn-clip.ts';
import { betweenTurns, samplesOf, type MatrixSession } from './matrix-session.ts';
import { ownTurn, type OwnTurn } from './own-turns.ts';

export interface MeasuredTurn extends TurnScore {
  turnKind: TurnKind;
  source: string;
  own: OwnTurn;
  /** Where its speech lies on the recording, in seconds. */
  fromSeconds: number;
  toSeconds: number;
}

/** What the stand-in for the language model answers to every turn. */
export const SHORT_ANSWER = 'All right, I have heard what you said, and I will keep it in mind until we speak again.';

/** So much of an answer is heard before it is stopped: more than counts as begun (`resumeHeardMs`). */
const HEARD_FRAMES = 75;
/** The agent sounded just before the user's end. */
const EARLY_FRAMES = 5;
const NO_ANSWER_SECONDS = 6;
/** Silence after which an answer that was short is over. */
const OVER_SILENT_FRAMES = 80;
const QUIET_LIMIT_SECONDS = 10;
const BETWEEN_SEED = 61;

/** Says the clips one after another, each when the answer to the one before has been heard for a moment and stopped. */
export async function measureTurns(
  session: MatrixSession,
  clips: readonly TurnClip[],
  onTurn: (id: string) => void,
): Promise<MeasuredTurn[]> {
  const placed: { clip: TurnClip; place: PlacedClip }[] = [];
  const pause = betweenTurns(BETWEEN_SEED);
  for (const clip of clips) {
    await session.untilQuiet(pause(), QUIET_LIMIT_SECONDS);
    const from = session.say(clip.samples);
    const place = {
      id: clip.id,
      kind: 'turn' as const,
      startSample: from + clip.speech.from,
      endSample: from + clip.speech.to,
    };
    placed.push({ clip, place });
    await answered(session, place.endSample);
    session.stopAnswer();
    onTurn(clip.id);
  }
  await session.wait(0.3);
  return scored(session, placed);
}

async function answered({ bus }: MatrixSession, endSample: number): Promise<void> {
  const { recording } = bus;
  await bus.until(() => recording.length > endSample, Infinity);
  // An answer to half of the turn is left to the app: it has to notice by itself.
  const isEarly = recording.silentFrames < EARLY_FRAMES;
  const isOver = (): boolean => {
    const loud = recording.loudFramesSince(endSample);
    return (!isEarly && loud >= HEARD_FRAMES) || (loud > 0 && recording.silentFrames >= OVER_SILENT_FRAMES);
  };
  await bus.until(isOver, NO_ANSWER_SECONDS);
}

function scored(session: MatrixSession, placed: { clip: TurnClip; place: PlacedClip }[]): MeasuredTurn[] {
  const { recording } = session.bus;
  const scores = scoreSession({ loudspeaker: recording.loudspeaker, clips: placed.map(({ place }) => place) });
  return scores.map((score, i) => {
    const { clip, place } = placed[i]!;
    const { startSample: from, endSample: to } = place;
    const nextSample = placed[i + 1]?.place.startSample ?? recording.length;
    const own = ownTurn({ seen: session.seen, speech: { from, to }, nextSample, reference: clip.text });
    const seconds = { fromSeconds: from / samplesOf(1), toSeconds: to / samplesOf(1) };
    return { ...(score as TurnScore), turnKind: clip.kind, source: clip.source, own, ...seconds };
  });
}
