import { approach, STROKE_COUNT, strokeOf, type FlockMood, type Stroke } from './flock.ts';

export type Rgb = readonly [number, number, number];

export interface FlockColours {
  /** What lies behind: faint strokes are mixed with it, as transparent ones would show where they overlap. */
  paper: Rgb;
  ink: Rgb;
  you: Rgb;
  parley: Rgb;
}

/** Time in which a stroke goes two thirds of its way to a new figure. */
const SETTLE_SEC = 0.1;

/** Draws the flock on a canvas, each stroke moving from where it was. */
export class FlockPainter {
  readonly #context: CanvasRenderingContext2D;
  #strokes: Stroke[] | undefined;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** @param elapsedSec since the last drawing; Infinity puts every stroke in its place at once. */
  draw(mood: FlockMood, colours: FlockColours, elapsedSec: number): void {
    const context = this.#context;
    const half = context.canvas.width / 2;
    this.#strokes ??= Array.from({ length: STROKE_COUNT }, (_, index) => strokeOf(index, mood));
    context.clearRect(0, 0, 2 * half, 2 * half);
    context.lineCap = 'round';
    this.#strokes.forEach((stroke, index) => {
      // Not all at once: a flock turns from one side to the other.
      const lag = 0.7 + 0.6 * (index / STROKE_COUNT);
      approach(stroke, strokeOf(index, mood), 1 - Math.exp(-elapsedSec / (SETTLE_SEC * lag)));
      drawStroke(context, stroke, colours, half);
    });
  }
}

function drawStroke(context: CanvasRenderingContext2D, stroke: Stroke, colours: FlockColours, half: number): void {
  const { paper, ink, you, parley } = colours;
  const inkShare = Math.max(0, 1 - stroke.you - stroke.parley);
  const channel = (i: 0 | 1 | 2): number => {
    const full = ink[i] * inkShare + you[i] * stroke.you + parley[i] * stroke.parley;
    return Math.round(paper[i] + (full - paper[i]) * stroke.strength);
  };
  const dx = (Math.cos(stroke.angle) * stroke.length) / 2;
  const dy = (Math.sin(stroke.angle) * stroke.length) / 2;
  context.strokeStyle = `rgb(${channel(0)},${channel(1)},${channel(2)})`;
  context.lineWidth = Math.max(1, stroke.width * half);
  context.beginPath();
  context.moveTo((1 + stroke.x - dx) * half, (1 + stroke.y - dy) * half);
  // A line of no length is not drawn by every engine, round caps or not.
  context.lineTo((1 + stroke.x + dx) * half + 0.01, (1 + stroke.y + dy) * half);
  context.stroke();
}

/** `#rrggbb` as it stands in the style sheet. */
export function parseColour(hex: string): Rgb {
  const value = Number.parseInt(hex.trim().slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
