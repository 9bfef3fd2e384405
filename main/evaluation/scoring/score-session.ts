import { endOfSound, firstSound, hasSound, startsOfSound, type Span, type Wire } from '../sound/sound.ts';

/** Where one clip lies in a recording: first speech sample, and the one after the last. Clips come in the order in which they were said. */
export interface PlacedClip {
  id: string;
  /** `turn`: to be answered; `barge`: said to interrupt the answer; `hold`: a sound under which the answer should go on. */
  kind: 'turn' | 'barge' | 'hold';
  startSample: number;
  endSample: number;
}

/** Said into silence or into the rest of an answer. Times count from the end of the user's speech. */
export interface TurnScore {
  kind: 'turn';
  id: string;
  wasSounding: boolean;
  answered: boolean;
  /** Null: not answered, or the agent already sounded when the user ended. */
  voiceToVoiceMs: number | null;
  /** Starts of the agent inside the user's turn, relative to its end: negative. */
  cutInsMs: number[];
  soundingAtEnd: boolean;
  answerMs: number | null;
}

export interface BargeScore {
  kind: 'barge';
  id: string;
  wasSounding: boolean;
  /** Onset of the interruption → end of the last sound before a second of silence. */
  toSilenceMs: number | null;
  /**
   * Onset → end of the last sound before 200 ms of silence. Not part of the score: it tells an answer that went on from one that was
   * silent and soon followed by the next.
   */
  toFirstQuietMs: number | null;
  yielded: boolean;
  answered: boolean;
  voiceToVoiceMs: number | null;
  answerMs: number | null;
}

export interface HoldScore {
  kind: 'hold';
  id: string;
  wasSounding: boolean;
  toSilenceMs: number | null;
  outcome: 'kept' | 'resumed' | 'stopped';
  /** How long it was silent before it went on. */
  silentMs: number | null;
}

export type ClipScore = TurnScore | BargeScore | HoldScore;

const YIELD_SECONDS = 2;
const FIRST_QUIET_GAP_SECONDS = 0.2;
/** A comma in speech can last half a second. */
const ANSWER_GAP_SECONDS = 1;
const HOLD_SECONDS = 3;
const HOLD_GAP_SECONDS = 1;
const RESUME_SECONDS = 4;
/** After the last sound of one answer, before the next one is looked for. */
const SETTLE_SECONDS = 0.05;

interface Scene {
  wire: Wire;
  clip: PlacedClip;
  /** Start of the next clip, or the recording's end. */
  nextSample: number;
}

/** Scores what the loudspeaker's wire shows around each clip. The definitions are in docs/benchmarks.md. */
export function scoreSession(options: { loudspeaker: Wire; clips: readonly PlacedClip[] }): ClipScore[] {
  const { loudspeaker: wire, clips } = options;
  return clips.map((clip, index) => {
    const scene = { wire, clip, nextSample: clips[index + 1]?.startSample ?? wire.samples.length };
    switch (clip.kind) {
      case 'turn':
        return scoreTurn(scene);
      case 'barge':
        return scoreBarge(scene);
      case 'hold':
        return scoreHold(scene);
      default:
        return clip.kind satisfies never;
    }
  });
}

function scoreTurn(scene: Scene): TurnScore {
  const { wire, clip } = scene;
  const { id, startSample, endSample } = clip;
  const starts = startsOfSound(wire, { from: startSample, to: endSample });
  const soundingAtEnd = hasSound(wire, around(wire, endSample, { beforeSeconds: 0.05, afterSeconds: 0.005 }));
  return {
    kind: 'turn',
    id,
    wasSounding: wasSounding(scene),
    cutInsMs: starts.map((start) => toMs(wire, start - endSample)),
    soundingAtEnd,
    ...(soundingAtEnd
      ? { answered: true, voiceToVoiceMs: null, answerMs: null }
      : answerFrom(scene, { from: endSample, to: scene.nextSample })),
  };
}

function scoreBarge(scene: Scene): BargeScore {
  const { wire, clip, nextSample } = scene;
  const { id, startSample, endSample } = clip;
  const silence = endOfSound(wire, { from: startSample, to: wire.samples.length, gapSeconds: ANSWER_GAP_SECONDS });
  const toSilenceMs = silence === null ? null : toMs(wire, silence - startSample);
  const quietSpan = { from: startSample, to: wire.samples.length, gapSeconds: FIRST_QUIET_GAP_SECONDS };
  const firstQuiet = endOfSound(wire, quietSpan);
  const from = Math.max(endSample, (silence ?? endSample) + samplesOf(wire, SETTLE_SECONDS));
  return {
    kind: 'barge',
    id,
    wasSounding: wasSounding(scene),
    toSilenceMs,
    toFirstQuietMs: firstQuiet === null ? null : toMs(wire, firstQuiet - startSample),
    yielded: toSilenceMs !== null && toSilenceMs <= YIELD_SECONDS * 1000,
    ...answerFrom(scene, { from, to: nextSample }),
  };
}

function scoreHold(scene: Scene): HoldScore {
  const { wire, clip, nextSample } = scene;
  const { id, startSample } = clip;
  const silence = endOfSound(wire, { from: startSample, to: nextSample, gapSeconds: HOLD_GAP_SECONDS });
  // The next clip may come sooner than three seconds after: then the answer that lasts until there was kept.
  const isSilent = silence === null || nextSample - silence >= samplesOf(wire, HOLD_GAP_SECONDS);
  const kept = silence !== null && (!isSilent || silence - startSample > samplesOf(wire, HOLD_SECONDS));
  const goesOn = silence === null ? null : firstSound(wire, resumeSpan(scene, silence));
  return {
    kind: 'hold',
    id,
    wasSounding: wasSounding(scene),
    toSilenceMs: silence === null ? null : toMs(wire, silence - startSample),
    outcome: kept ? 'kept' : goesOn === null ? 'stopped' : 'resumed',
    silentMs: goesOn === null ? null : toMs(wire, goesOn - silence!),
  };
}

function resumeSpan({ wire, nextSample }: Scene, silence: number): Span {
  return {
    from: silence + samplesOf(wire, SETTLE_SECONDS),
    to: Math.min(nextSample, silence + samplesOf(wire, RESUME_SECONDS)),
  };
}

function answerFrom({ wire, clip, nextSample }: Scene, span: Span) {
  const start = firstSound(wire, span);
  if (start === null) return { answered: false, voiceToVoiceMs: null, answerMs: null };
  const end = endOfSound(wire, { from: start, to: nextSample, gapSeconds: ANSWER_GAP_SECONDS })!;
  return { answered: true, voiceToVoiceMs: toMs(wire, start - clip.endSample), answerMs: toMs(wire, end - start) };
}

/** Whether the agent sounded when the clip began, or was just between two words. */
function wasSounding({ wire, clip }: Scene): boolean {
  return hasSound(wire, around(wire, clip.startSample, { beforeSeconds: 0.3, afterSeconds: 0.02 }));
}

function around(wire: Wire, at: number, reach: { beforeSeconds: number; afterSeconds: number }): Span {
  return { from: at - samplesOf(wire, reach.beforeSeconds), to: at + samplesOf(wire, reach.afterSeconds) };
}

const samplesOf = ({ sampleRateHz }: Wire, seconds: number): number => Math.round(seconds * sampleRateHz);
const toMs = ({ sampleRateHz }: Wire, samples: number): number => (samples / sampleRateHz) * 1000;
