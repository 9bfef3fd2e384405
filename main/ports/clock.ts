/** Monotonic time. Only differences mean anything. */
export interface Clock {
  nowMs(): number;
  /** Calls `callback` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}
