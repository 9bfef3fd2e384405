import type { ReplyTally } from '../contract/replies.ts';

/** How often each intent, skill and the model has answered, over restarts. Throws `disk-full` or `internal`. */
export interface ReplyFiguresStore {
  add(tally: ReplyTally): void;
  /** The most frequent first. */
  all(): ReplyTally[];
  forget(): void;
  close(): void;
}
