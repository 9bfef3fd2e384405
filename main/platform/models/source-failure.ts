/**
 * Why one source of one file did not deliver. `unreachable` speaks of the network (nothing else behind it will answer
 * either), `refused` of this file only, `interrupted` of a transfer that can be resumed later.
 */
export class SourceFailure extends Error {
  readonly reason: 'unreachable' | 'refused' | 'interrupted' | 'changed' | 'bad-archive' | 'no-client';

  constructor(reason: SourceFailure['reason'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SourceFailure';
    this.reason = reason;
  }
}
