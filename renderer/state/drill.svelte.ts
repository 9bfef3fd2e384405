/// <reference types="svelte" />
import type { TurnResult } from '../../main/contract/evaluation-turn.ts';
import type { FigureRow } from '../lib/compare/figure-rows.ts';

/** What stands behind a number: turns, and one of them. */
export interface DrillTopic {
  title: string;
  /** What the number means. */
  note?: string | undefined;
  turns: readonly TurnResult[];
  /** What is told of each turn; without it whether it passed. */
  figure?: FigureRow | undefined;
}

/** The sheet that opens over the report. */
export class Drill {
  #topic: DrillTopic | null = $state.raw(null);
  #turn: TurnResult | null = $state.raw(null);

  get topic(): DrillTopic | null {
    return this.#topic;
  }

  /** Null: the list of turns is shown. */
  get turn(): TurnResult | null {
    return this.#turn;
  }

  open(topic: DrillTopic): void {
    this.#topic = topic;
    this.#turn = null;
  }

  openTurn(turn: TurnResult): void {
    this.#topic = null;
    this.#turn = turn;
  }

  choose(turn: TurnResult | null): void {
    this.#turn = turn;
  }

  close(): void {
    this.#topic = null;
    this.#turn = null;
  }
}
