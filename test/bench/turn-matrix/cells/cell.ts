import type { EndpointingChoice } from '../../../../main/contract/turn-settings.ts';
import type { ConditionName } from '../../../../main/evaluation/room/conditions.ts';
import type { MeasuredOverlaps } from '../session/overlaps.ts';
import type { MeasuredTalk } from '../session/talk.ts';
import type { MeasuredTurn } from '../session/turns.ts';

export const CELL_KINDS = ['turns', 'overlaps', 'short', 'talk'] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** One session of the matrix: one run of the app in one room. */
export interface Cell {
  kind: CellKind;
  condition: ConditionName;
  policy: EndpointingChoice;
  /** Fewer of the labelled turns; short ones in the default voice alone. */
  coreOnly: boolean;
  /** At most so many clips. */
  count: number;
  /** Of `talk`. */
  seconds: number;
}

/** What is kept of a session; summaries are made of it later. */
export interface CellResult {
  cell: Cell;
  tookSeconds: number;
  turns?: MeasuredTurn[];
  overlaps?: MeasuredOverlaps;
  talk?: MeasuredTalk;
  /** Why there is nothing. */
  error?: string;
}

export function cellName({ kind, condition, policy }: Cell): string {
  return `${kind}-${condition}-${policy}`;
}

/** About how long it takes, for the time that is left: measured on two cores. */
export function expectedSeconds({ kind, coreOnly, count, seconds, policy }: Cell): number {
  const start = 8;
  const perTurn = policy === 'fixed-1500' ? 6.3 : 5;
  switch (kind) {
    case 'turns':
      return start + perTurn * Math.min(count, coreOnly ? 15 : 41);
    case 'overlaps':
      return start + 5.2 * Math.min(count, 22);
    case 'short':
      return start + 2.8 * Math.min(count, 100);
    case 'talk':
      return start + seconds * 1.15;
    default:
      return kind satisfies never;
  }
}
