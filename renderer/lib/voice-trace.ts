import type { TranscriptLine } from '../../main/contract/state.ts';
import type { VoiceCue } from '../../main/contract/voice-cues.ts';

/** Turns that are shown; older ones have faded. */
const SHOWN_TURNS = 6;

export interface TracePoint {
  id: string;
  /** 0 … 1, unpleasant to pleasant and calm to raised; y grows downwards. */
  x: number;
  y: number;
  /** How far it may be off. */
  radiusX: number;
  radiusY: number;
  /** 1 for the newest. */
  opacity: number;
}

/** Where the last turns lie between calm and raised, unpleasant and pleasant. Turns of which nothing can be said have no place. */
export function voiceTrace(lines: readonly TranscriptLine[]): { points: TracePoint[]; latest: VoiceCue | null } {
  const told = lines.flatMap((line) => (line.role === 'user' && line.voice ? [{ id: line.id, cue: line.voice }] : []));
  const recent = told.slice(-SHOWN_TURNS);
  const points = recent.flatMap(({ id, cue }, i) => {
    if (cue.word === 'unclear' || !cue.arousal || !cue.valence) return [];
    const opacity = (i + 1 + SHOWN_TURNS - recent.length) / SHOWN_TURNS;
    const { arousal, valence } = cue;
    return [
      { id, x: valence.value, y: 1 - arousal.value, radiusX: valence.halfWidth, radiusY: arousal.halfWidth, opacity },
    ];
  });
  return { points, latest: told.at(-1)?.cue ?? null };
}
