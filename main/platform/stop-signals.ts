import type { Clock } from '../ports/clock.ts';

/**
 * Ctrl-C reaches every process of the terminal, and a parent that passes signals on sends it a second time: within this time, two are
 * one wish.
 */
const SAME_WISH_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignalsOptions {
  clock: Clock;
  process: {
    on(signal: NodeJS.Signals, listener: () => void): unknown;
    off(signal: NodeJS.Signals, listener: () => void): unknown;
  };
  /** The first signal: please end. */
  onStop: () => void;
  /** Another one, later: end now. */
  onForce: () => void;
}

/** Listens for the signals that ask a program to end; returns what stops listening. */
export function onStopSignals({ clock, process, onStop, onForce }: StopSignalsOptions): () => void {
  let firstAtMs: number | undefined;
  const listener = (): void => {
    if (firstAtMs === undefined) {
      firstAtMs = clock.nowMs();
      onStop();
    } else if (clock.nowMs() - firstAtMs >= SAME_WISH_MS) {
      onForce();
    }
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}
