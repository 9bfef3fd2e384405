export interface RestartLimits {
  /** Restarts allowed within `windowMs`. */
  maxRestarts: number;
  windowMs: number;
  /** Wait before the first restart; doubles with each further one in the window. */
  firstDelayMs: number;
  maxDelayMs: number;
  /** A child that ran this long without failing starts again from a clean sheet. */
  stableMs: number;
}

export const DEFAULT_RESTART_LIMITS: RestartLimits = {
  maxRestarts: 3,
  windowMs: 5 * 60_000,
  firstDelayMs: 250,
  maxDelayMs: 5000,
  stableMs: 2 * 60_000,
};

/** When the child was restarted, oldest first. */
export type RestartHistory = readonly number[];

export type RestartDecision =
  { type: 'restart'; delayMs: number; history: RestartHistory } | { type: 'give-up'; history: RestartHistory };

/** What to do about a child that has just failed. */
export function decideRestart(history: RestartHistory, nowMs: number, limits: RestartLimits): RestartDecision {
  const recent = history.filter((atMs) => nowMs - atMs < limits.windowMs);
  if (recent.length >= limits.maxRestarts) return { type: 'give-up', history: recent };
  const delayMs = Math.min(limits.maxDelayMs, limits.firstDelayMs * 2 ** recent.length);
  return { type: 'restart', delayMs, history: [...recent, nowMs] };
}
