/** Every long call takes these. Abort rejects with ParleyError `cancelled` (or ends the iteration by throwing it). */
export interface CallOptions {
  signal?: AbortSignal;
}
