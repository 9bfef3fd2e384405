import type { PlannedClip } from '../clips/clip-sets.ts';
import type { Usage } from '../process/process-meter.ts';
import type { Span } from '../../../main/evaluation/sound/sound.ts';
import type { SpokenTo } from './session.ts';

export interface PlayedClip {
  clip: PlannedClip;
  /** Where on the recording it must lie. */
  within: Span;
  usageBefore: Usage;
  /** When the answer was over, or when nothing came. */
  usageAfter: Usage;
}

export interface PlayOptions {
  clips: readonly PlannedClip[];
  /** Answers are stopped by the stop button after so long. Default: never. */
  stopAnswerAfterSeconds?: number | undefined;
  onPlayed?: (played: PlayedClip, isAnswered: boolean) => void;
}

/** Silence of the agent that ends a turn. */
const SILENCE_SECONDS = 2;
/** A turn without an answer is over so long after the user. */
const NO_ANSWER_SECONDS = 10;
const LONGEST_TURN_SECONDS = 60;
/** What the player needs before the clip is on the wire. */
const PLAYER_LEAD_SECONDS = 0.03;
/** The player may say that it has finished a little early, and starts late. */
const MARGIN_SECONDS = 1;

/** Says the clips, each when the answer to the one before is over, or into it. Clips that find no answer to be said into are left out. */
export async function playClips(session: SpokenTo, options: PlayOptions): Promise<PlayedClip[]> {
  const played: PlayedClip[] = [];
  let answerOnset: number | undefined;
  for (const [i, clip] of options.clips.entries()) {
    if (!session.product.isRunning) throw new Error(`the app has ended before ${clip.id}`);
    if (clip.kind !== 'turn') {
      if (answerOnset === undefined) continue;
      await reached(session, answerOnset + samples(session, clip.afterSeconds - PLAYER_LEAD_SECONDS));
    }
    const next = options.clips[i + 1];
    const isToBeInterrupted = next !== undefined && next.kind !== 'turn';
    const turn = await playOne(session, clip, { ...options, isToBeInterrupted });
    answerOnset = turn.answerOnset;
    played.push(turn.played);
    options.onPlayed?.(turn.played, answerOnset !== undefined);
  }
  return played;
}

async function playOne(
  session: SpokenTo,
  clip: PlannedClip,
  options: PlayOptions & { isToBeInterrupted: boolean },
): Promise<{ played: PlayedClip; answerOnset: number | undefined }> {
  const { pulse, recording, meter } = session;
  const usageBefore = meter.look();
  const from = recording.length;
  await pulse.speak({ samples: clip.samples, sampleRateHz: recording.sampleRateHz });
  const end = recording.length;
  const afterSpeech = clip.samples.length - clip.speech.to;
  const answerFrom = Math.max(from, end - afterSpeech - samples(session, 0.1));
  const answerOnset = await turnOver(session, { ...options, end, answerFrom });
  const within = { from, to: end + samples(session, MARGIN_SECONDS) };
  return { played: { clip, within, usageBefore, usageAfter: meter.look() }, answerOnset };
}

/** Resolves with the onset of the answer when it is over, or has begun if it is to be interrupted; with undefined when none came. */
async function turnOver(
  session: SpokenTo,
  options: PlayOptions & { isToBeInterrupted: boolean; end: number; answerFrom: number },
): Promise<number | undefined> {
  const { recording, watch, client } = session;
  const { end, answerFrom, isToBeInterrupted, stopAnswerAfterSeconds = Infinity } = options;
  let onset: number | undefined;
  let isStopped = false;
  const isOver = (): boolean => {
    onset ??= watch.onsetSince(answerFrom);
    const now = recording.length;
    if (now - end > samples(session, LONGEST_TURN_SECONDS)) return true;
    if (onset === undefined) return now - end > samples(session, NO_ANSWER_SECONDS);
    if (isToBeInterrupted) return true;
    if (!isStopped && now - onset > samples(session, stopAnswerAfterSeconds)) {
      isStopped = true;
      void client?.command({ type: 'stop' });
    }
    return now - Math.max(watch.lastSoundSample, end) >= samples(session, SILENCE_SECONDS);
  };
  await recording.until(isOver, LONGEST_TURN_SECONDS + 10);
  return onset;
}

async function reached({ recording }: SpokenTo, sample: number): Promise<void> {
  await recording.until(() => recording.length >= sample);
}

function samples({ recording }: SpokenTo, seconds: number): number {
  return Math.round(seconds * recording.sampleRateHz);
}
