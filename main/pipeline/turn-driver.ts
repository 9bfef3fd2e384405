import type { Floor, InputMode } from '../contract/state.ts';
import type { TurnConfig } from '../domain/turn/config.ts';
import type { TurnEffect } from '../domain/turn/effects.ts';
import type { TurnEvent } from '../domain/turn/events.ts';
import { floorOf, nextDeadlineMs, reduceTurn } from '../domain/turn/machine.ts';
import { initialTurnState, type TurnState } from '../domain/turn/state.ts';
import type { Clock } from '../ports/clock.ts';
import { GAP_MS } from './gap-watch.ts';

export interface TurnDriverOptions {
  clock: Clock;
  inputMode: InputMode;
  /** Asked between utterances. */
  config(): TurnConfig;
  carryOut(effect: TurnEffect, nowMs: number): void;
  onFloor(floor: Floor): void;
}

/** Keeps the turn machine's state, gives it events one after the other, and wakes it at its deadlines. */
export class TurnDriver {
  readonly #options: TurnDriverOptions;
  #state: TurnState;
  #config: TurnConfig;
  #floor: Floor = 'listening';
  #cancelWake = (): void => {};
  /** When the machine is to be woken, and when it last did something. */
  #wakeAtMs: number | null = null;
  #reducedAtMs = 0;
  #closed = false;

  constructor(options: TurnDriverOptions) {
    this.#options = options;
    this.#state = initialTurnState(options.inputMode);
    this.#config = options.config();
  }

  get state(): TurnState {
    return this.#state;
  }

  /** Of the open utterance, or of the last one. */
  get config(): TurnConfig {
    return this.#config;
  }

  /** Carries out what follows before it returns. Does nothing after close(). */
  dispatch(event: TurnEvent): void {
    if (this.#closed) return;
    const nowMs = this.#options.clock.nowMs();
    // The alarm was not heard: the machine slept, and what was due meanwhile is not due yet.
    const hasSlept = this.#wakeAtMs !== null && nowMs - this.#wakeAtMs > GAP_MS;
    if (hasSlept) this.#reduce({ type: 'gap', clockMs: nowMs - this.#reducedAtMs }, nowMs);
    this.#reduce(event, nowMs);
  }

  close(): void {
    this.#closed = true;
    this.#cancelWake();
  }

  #reduce(event: TurnEvent, nowMs: number): void {
    const { config, carryOut, onFloor } = this.#options;
    if (!this.#state.utterance) this.#config = config();
    const { state, effects } = reduceTurn(this.#state, event, nowMs, this.#config);
    this.#state = state;
    this.#reducedAtMs = nowMs;
    for (const effect of effects) carryOut(effect, nowMs);
    this.#scheduleWake();
    const floor = floorOf(this.#state);
    if (floor === this.#floor) return;
    this.#floor = floor;
    onFloor(floor);
  }

  #scheduleWake(): void {
    const { clock } = this.#options;
    this.#cancelWake();
    this.#cancelWake = () => {};
    this.#wakeAtMs = nextDeadlineMs(this.#state, this.#config);
    if (this.#wakeAtMs === null || this.#closed) return;
    const delayMs = Math.max(0, this.#wakeAtMs - clock.nowMs());
    this.#cancelWake = clock.schedule(delayMs, () => this.dispatch({ type: 'tick' }));
  }
}
