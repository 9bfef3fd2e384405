import type { ShownFloor } from '../state/conversation.svelte.ts';

/**
 * The form in the middle of the window: a flock of strokes that take up another figure for each state of the floor. Every
 * state has its own silhouette, so that it is known without colour, words or motion:
 *
 *   starting   a ring of dots        listening     a closed thin ring      hearing   upright bars in a row
 *   thinking   three dots            speaking      rays around a centre    off       a small ring with a slash
 *   disconnected   a ring broken in two
 */
export const STROKE_COUNT = 48;

/** Lengths are in halves of the canvas, angles in radians, 0 along x. */
export interface Stroke {
  x: number;
  y: number;
  angle: number;
  length: number;
  width: number;
  /** 1 is full strength, 0 is the paper behind it. */
  strength: number;
  /** How much of the reader's and of Parley's colour; the rest is ink. */
  you: number;
  parley: number;
}

export interface FlockMood {
  floor: ShownFloor;
  timeSec: number;
  /** Loudness 0…1, newest first. */
  inputHistory: ArrayLike<number>;
  outputHistory: ArrayLike<number>;
}

const TAU = 2 * Math.PI;
const RING_RADIUS = 0.6;
const THIN = 0.034;

type Figure = (index: number, mood: FlockMood) => Stroke;

const FIGURES: Record<ShownFloor, Figure> = {
  starting(index, { timeSec }) {
    const turn = index / STROKE_COUNT;
    const behind = (((timeSec * 0.45 - turn) % 1) + 1) % 1;
    return dot(polar(turn, RING_RADIUS), { width: 0.05, strength: 0.18 + 0.82 * (1 - behind) ** 2 });
  },

  listening(index, { timeSec, inputHistory }) {
    const breath = 1 + 0.018 * Math.sin((timeSec * TAU) / 5.5) + 0.04 * (inputHistory[0] ?? 0);
    return arc(index / STROKE_COUNT, RING_RADIUS * breath, TAU / STROKE_COUNT);
  },

  hearing(index, { inputHistory }) {
    const fromCentre = index - (STROKE_COUNT - 1) / 2;
    const age = Math.floor(Math.abs(fromCentre));
    const taper = Math.cos((fromCentre / STROKE_COUNT) * Math.PI * 0.94);
    const length = (0.04 + 1.15 * (inputHistory[age] ?? 0) ** 1.4) * taper;
    return { ...bar(fromCentre * 0.036, 0, length), you: 1 };
  },

  thinking(index, { timeSec }) {
    const cluster = index % 3;
    const turn = Math.floor(index / 3) / (STROKE_COUNT / 3);
    const swell = 0.5 + 0.5 * Math.sin(timeSec * 3.4 - cluster * 1.05);
    const radius = 0.045 + 0.03 * swell;
    const [x, y] = polar(turn, radius / 2);
    const ray = { angle: turn * TAU, length: radius, width: 0.1, strength: 0.55 + 0.45 * swell };
    return { x: (cluster - 1) * 0.4 + x, y: y - 0.1 * swell + 0.05, you: 0, parley: 0.7, ...ray };
  },

  speaking(index, { timeSec, outputHistory }) {
    const turn = index / STROKE_COUNT;
    // Loudness runs outwards from the top on both sides, with a slow ripple so that a steady voice is not a circle.
    const age = Math.round(Math.abs(((turn + 0.75) % 1) - 0.5) * STROKE_COUNT * 0.7);
    const ripple = 0.8 + 0.2 * Math.sin(index * 2.4 + timeSec * 5);
    const length = 0.1 + 0.42 * (outputHistory[age] ?? 0) ** 1.3 * ripple;
    const [x, y] = polar(turn, 0.36 + length / 2);
    return { x, y, angle: turn * TAU, length, width: 0.034, strength: 1, you: 0, parley: 1 };
  },

  off(index) {
    const inSlash = index % 6 === 0;
    if (inSlash) {
      const along = (index / 6 - 3.5) * 0.115;
      return { x: along, y: along, angle: TAU / 8, length: 0.163, width: THIN, strength: 0.55, you: 0, parley: 0 };
    }
    const place = index - Math.ceil(index / 6);
    return { ...arc(place / 40, 0.46, TAU / 40), strength: 0.55, parley: 0 };
  },

  disconnected(index) {
    const half = index < STROKE_COUNT / 2 ? 0 : 1;
    const within = (index % (STROKE_COUNT / 2)) / (STROKE_COUNT / 2);
    const stroke = arc(half * 0.5 - 0.25 + 0.04 + within * 0.42, RING_RADIUS * 0.86, (TAU * 0.42 * 2) / STROKE_COUNT);
    return {
      ...stroke,
      x: stroke.x + (half === 0 ? 0.12 : -0.12),
      y: stroke.y + (half === 0 ? 0.07 : -0.07),
      strength: 0.5,
    };
  },
};

/** Where stroke `index` belongs in the mood's figure. */
export function strokeOf(index: number, mood: FlockMood): Stroke {
  return FIGURES[mood.floor](index, mood);
}

/** Lets `stroke` drift to `target`; `share` 1 puts it there. Strokes have no head, so the turn is at most a quarter. */
export function approach(stroke: Stroke, target: Stroke, share: number): void {
  const halfTurns = Math.round((target.angle - stroke.angle) / Math.PI);
  const angle = target.angle - halfTurns * Math.PI;
  stroke.angle += (angle - stroke.angle) * share;
  stroke.x += (target.x - stroke.x) * share;
  stroke.y += (target.y - stroke.y) * share;
  stroke.length += (target.length - stroke.length) * share;
  stroke.width += (target.width - stroke.width) * share;
  stroke.strength += (target.strength - stroke.strength) * share;
  stroke.you += (target.you - stroke.you) * share;
  stroke.parley += (target.parley - stroke.parley) * share;
}

function polar(turn: number, radius: number): [number, number] {
  return [Math.cos(turn * TAU) * radius, Math.sin(turn * TAU) * radius];
}

function dot([x, y]: [number, number], { width, strength }: { width: number; strength: number }): Stroke {
  return { x, y, angle: 0, length: 0, width, strength, you: 0, parley: 0 };
}

function arc(turn: number, radius: number, span: number): Stroke {
  // A chord: neighbours meet in their ends.
  const [x, y] = polar(turn, radius * Math.cos(span / 2));
  return {
    x,
    y,
    angle: turn * TAU + TAU / 4,
    length: 2 * radius * Math.sin(span / 2),
    width: THIN,
    strength: 1,
    you: 0,
    parley: 0.45,
  };
}

function bar(x: number, y: number, length: number): Stroke {
  return { x, y, angle: TAU / 4, length, width: 0.022, strength: 1, you: 0, parley: 0 };
}
