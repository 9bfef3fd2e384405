import type { TurnConfig } from './config.ts';
import type { TurnEffect } from './effects.ts';
import type { TurnState } from './state.ts';

/** What the steps of the machine work on: a private copy of the state, and the effects so far. */
export interface Draft {
  state: TurnState;
  effects: TurnEffect[];
  nowMs: number;
  config: TurnConfig;
}
