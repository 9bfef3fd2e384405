import type { AgentLine, TranscriptLine, TurnTiming, UserLine } from '../../contract/state.ts';
import type { Span } from '../sound/sound.ts';

/** A transcript line as it was at one moment. */
export interface SeenLine<Line extends TranscriptLine = TranscriptLine> {
  /** On any clock that PositionAt knows. */
  atMs: number;
  line: Line;
}

/** Turns a moment into a sample of the recording. */
export type PositionAt = (atMs: number) => number;

/** The window hears of an answer with its first heard word, and a little late. */
const MATCH_BEFORE_SECONDS = 0.3;
const MATCH_AFTER_SECONDS = 2.5;

/**
 * What the app itself tells of the answer that began to sound at `onsetSample`: its line as it was in the end. Undefined when none
 * began to be heard about then, or the line was never finished.
 */
export function answerLineAt(options: {
  seen: readonly SeenLine<AgentLine>[];
  positionAt: PositionAt;
  sampleRateHz: number;
  onsetSample: number;
}): (AgentLine & { timing: TurnTiming }) | undefined {
  const { seen, positionAt, sampleRateHz, onsetSample } = options;
  const distances = new Map<string, number>();
  for (const { atMs, line } of seen) {
    if (line.heardChars === 0 || distances.has(line.id)) continue;
    distances.set(line.id, (positionAt(atMs) - onsetSample) / sampleRateHz);
  }
  const [id] = [...distances]
    .filter(([, seconds]) => seconds > -MATCH_BEFORE_SECONDS && seconds < MATCH_AFTER_SECONDS)
    .toSorted(([, a], [, b]) => Math.abs(a) - Math.abs(b))[0] ?? [undefined];
  const last = seen.findLast(({ line }) => line.id === id)?.line;
  return last?.timing ? { ...last, timing: last.timing } : undefined;
}

export interface PartialLatency {
  /** First speech sample → first words in the window. Null: none came before the next clip. */
  firstWordsMs: number | null;
  /** Whether these came while the user was still speaking. */
  whileSpeaking: boolean;
  /** Last speech sample → the turn's final text. */
  finalMs: number | null;
  /** How often the text changed before it was final. */
  updates: number;
  /** How often the turn was declared over while the user was still speaking, whether or not an answer was heard. */
  endsInsideSpeech: number;
}

/** When the words of a turn were seen. `speech` is the clip on the recording. */
export function partialLatency(options: {
  seen: readonly SeenLine<UserLine>[];
  positionAt: PositionAt;
  sampleRateHz: number;
  speech: Span;
  nextSample: number;
}): PartialLatency {
  const { seen, positionAt, sampleRateHz, speech, nextSample } = options;
  const inTurn = seen
    .map(({ atMs, line }) => ({ at: positionAt(atMs), line }))
    .filter(({ at, line }) => at >= speech.from && at < nextSample && line.source === 'voice' && line.text !== '');
  const first = inTurn[0];
  const final = inTurn.findLast(({ line }) => line.status === 'final');
  const toMs = (samples: number): number => (samples / sampleRateHz) * 1000;
  return {
    firstWordsMs: first ? toMs(first.at - speech.from) : null,
    whileSpeaking: first !== undefined && first.at < speech.to,
    finalMs: final ? toMs(final.at - speech.to) : null,
    updates: inTurn.filter(({ line }) => line.status === 'partial').length,
    endsInsideSpeech: inTurn.filter(({ at, line }) => line.status === 'final' && at < speech.to).length,
  };
}
