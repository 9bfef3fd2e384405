import type { PreparedTurn } from '../speech/prepare-turn.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';
import type { RoomBus } from '../room/room-bus.ts';

/** Where on the recording a turn's speech lies: first sample, and the one after the last. */
export interface PlacedTurn {
  startSample: number;
  endSample: number;
}

export interface PlayOptions {
  bus: RoomBus;
  turns: readonly PreparedTurn[];
  /** Spreads the pauses between turns by up to this, the same way for the same numbers. 0…1. */
  random(): number;
  signal: AbortSignal;
  onTurn?(index: number): void;
  /** A turn begins to be said; `place` is where its speech will lie. */
  onTurnBegins?(index: number, place: PlacedTurn): void;
}

const FRAMES_PER_SECOND = 100;
/** Before the first turn: what the first moments of a process cost is no part of one. */
const SETTLE_SECONDS = 1;
/** A comma in speech can last half a second; a tool at work can take longer. */
const OVER_SILENT_FRAMES = 120;
const NO_ANSWER_SECONDS = 8;
/** After a sound that nobody should answer. */
const NO_REACTION_SECONDS = 4.2;
const LONGEST_ANSWER_SECONDS = 45;
/** So many loud frames are the beginning of an answer. */
const BEGUN_FRAMES = 5;
const DEFAULT_DELAY_MS = { answer: 400, 'answer-start': 1500, speech: 400 } as const;
const SPREAD_MS = 300;

/**
 * Is the user: says each turn at its moment and listens to the loudspeaker, to nothing else, for when that is. Resolves when the last answer
 * is over. Abort throws its reason between two turns.
 */
export async function playScenario(options: PlayOptions): Promise<PlacedTurn[]> {
  const { bus, turns, signal, onTurn, onTurnBegins } = options;
  const placed: PlacedTurn[] = [];
  await passed(bus, SETTLE_SECONDS);
  for (const [i, prepared] of turns.entries()) {
    signal.throwIfAborted();
    if (i > 0) await momentOf(prepared, { ...options, before: placed[i - 1]!, previous: turns[i - 1]! });
    const from = bus.say(prepared.samples);
    const place = { startSample: from + prepared.speech.from, endSample: from + prepared.speech.to };
    placed.push(place);
    onTurnBegins?.(i, place);
    await bus.until(() => bus.recording.length > place.endSample, Infinity);
    onTurn?.(i);
  }
  await answerOver(bus, placed.at(-1)!, turns.at(-1)!);
  await passed(bus, SETTLE_SECONDS);
  return placed;
}

async function momentOf(
  { turn }: PreparedTurn,
  { bus, random, before, previous }: PlayOptions & { before: PlacedTurn; previous: PreparedTurn },
): Promise<void> {
  const after = turn.after ?? (turn.as === 'turn' ? 'answer' : 'answer-start');
  const delaySeconds = (turn.delay_ms ?? DEFAULT_DELAY_MS[after]) / 1000;
  switch (after) {
    case 'answer':
      await answerOver(bus, before, previous);
      return passed(bus, delaySeconds + (random() * SPREAD_MS) / 1000);
    case 'answer-start':
      // Where the answer before still goes on, under a backchannel for instance, it is that one.
      await bus.until(() => bus.recording.loudFramesSince(before.endSample) >= BEGUN_FRAMES, NO_ANSWER_SECONDS);
      return passed(bus, delaySeconds);
    case 'speech':
      return passed(bus, Math.max(0, delaySeconds - (bus.recording.length - before.endSample) / ROOM_RATE_HZ));
    default:
      after satisfies never;
  }
}

/** Also when there is none. */
async function answerOver(bus: RoomBus, { endSample }: PlacedTurn, { turn }: PreparedTurn): Promise<void> {
  const { recording } = bus;
  const wantsAnswer = turn.expect.answer ?? (turn.as === 'turn' || turn.as === 'interruption');
  const patience = (wantsAnswer ? NO_ANSWER_SECONDS : NO_REACTION_SECONDS) * ROOM_RATE_HZ;
  const isOver = (): boolean => {
    if (recording.loudFramesSince(endSample) === 0) return recording.length - endSample > patience;
    return recording.silentFrames >= OVER_SILENT_FRAMES;
  };
  await bus.until(isOver, LONGEST_ANSWER_SECONDS);
}

async function passed(bus: RoomBus, seconds: number): Promise<void> {
  const end = bus.recording.length + Math.round(seconds * FRAMES_PER_SECOND) * (ROOM_RATE_HZ / FRAMES_PER_SECOND);
  await bus.until(() => bus.recording.length >= end, Infinity);
}
