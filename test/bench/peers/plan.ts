import type { PlannedClip } from '../clips/clip-sets.ts';

export const ROWS = ['same-weights', 'defaults'] as const;
export type Row = (typeof ROWS)[number];

export const PRODUCTS = ['parley', 'pipecat'] as const;
export type Product = (typeof PRODUCTS)[number];

/** Of the clips: all of them, or those at even or odd places. */
export type Part = 'all' | 'even' | 'odd';

export interface PlannedSession {
  row: Row;
  /** From 1, in the order in which sessions are run. */
  place: number;
  product: Product;
  turns: Part;
  interruptions: Part;
}

/** A B B A: what changes slowly on a machine meets both alike. */
const ORDER: readonly { product: Product; half: Part }[] = [
  { product: 'parley', half: 'even' },
  { product: 'pipecat', half: 'even' },
  { product: 'pipecat', half: 'odd' },
  { product: 'parley', half: 'odd' },
];

/** How many different clips a row says to each product. */
export interface RowSize {
  turns: number;
  interruptions: number;
  /** Each turn twice to each product: in both of its sessions. */
  isTwice: boolean;
}

/** About 25 and 12 minutes. */
const FULL: Readonly<Record<Row, RowSize>> = {
  'same-weights': { turns: 34, interruptions: 10, isTwice: true },
  defaults: { turns: 30, interruptions: 4, isTwice: false },
};
/** About 3 minutes a row. */
const QUICK: RowSize = { turns: 4, interruptions: 2, isTwice: false };

export function rowSize(row: Row, options: { isQuick: boolean; maxTurns: number }): RowSize {
  const { turns, interruptions, isTwice } = options.isQuick ? QUICK : FULL[row];
  const { maxTurns } = options;
  return { turns: Math.min(turns, maxTurns), interruptions: Math.min(interruptions, maxTurns), isTwice };
}

export function planRow(row: Row, { isTwice }: Pick<RowSize, 'isTwice'>): PlannedSession[] {
  return ORDER.map(({ product, half }, i) => ({
    row,
    place: i + 1,
    product,
    turns: isTwice ? 'all' : half,
    interruptions: half,
  }));
}

export function sessionName({ row, place, product }: PlannedSession): string {
  return `${row}-${place}-${product}`;
}

/** The clips of one session: its turns, then its interruptions with the requests into whose answers they are said. */
export function clipsOf(
  session: PlannedSession,
  sets: { turns: readonly PlannedClip[]; interruptions: readonly PlannedClip[] },
): PlannedClip[] {
  const rounds = sets.interruptions.flatMap((clip, i) =>
    clip.kind === 'turn' ? [[clip, sets.interruptions[i + 1]!]] : [],
  );
  return [...partOf(sets.turns, session.turns), ...partOf(rounds, session.interruptions).flat()];
}

function partOf<T>(items: readonly T[], part: Part): T[] {
  return items.filter((_, i) => part === 'all' || (i % 2 === 0) === (part === 'even'));
}
