/** The main keys of the combinations that can be chosen (contract/preferences.ts). */
export type WatchedKey = 'F8' | 'F9' | 'Space';

export interface WatchKeyRequest {
  type: 'watch';
  key: WatchedKey;
}

/** Nothing but the watched key is ever told: what else is typed stays in the child, and is not kept there. */
export type KeyWatchReport =
  { type: 'ready' } | { type: 'failed'; message: string } | { type: 'down' | 'up'; key: WatchedKey };
