import { serialisedErrorSchema, type SerialisedError } from '../contract/errors.ts';

/** What supervisor, child main and worker thread say about the child itself, on the same line as its RPC. */
export type ChildControl =
  /** Supervisor → child main: load the engine with this plain configuration. */
  | { type: 'child:start'; config: unknown }
  /** Supervisor → child main → worker. Both answer with the same number. */
  | { type: 'child:ping'; seq: number }
  | { type: 'child:pong'; seq: number }
  | { type: 'child:worker-pong'; seq: number }
  /** Worker → supervisor: the engine is loaded, or why it is not. */
  | { type: 'child:ready' }
  | { type: 'child:start-error'; error: SerialisedError }
  /** Supervisor → child main → worker: close the engine and leave. */
  | { type: 'child:stop' }
  /** Worker → child main: the engine is closed. */
  | { type: 'child:closed' };

export const CHILD_EXIT_CODES = {
  /** Asked to, or the parent is gone. */
  left: 0,
  /** The engine's thread threw or ended by itself. */
  workerDied: 70,
  /** No ping from the parent for PINGLESS_LIMIT_MS. */
  orphaned: 71,
} as const;

/** The control message, or undefined when it is RPC or nonsense. */
export function readChildControl(message: unknown): ChildControl | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const fields = message as Record<string, unknown>;
  switch (fields['type']) {
    case 'child:start':
    case 'child:ready':
    case 'child:stop':
    case 'child:closed':
      return message as ChildControl;
    case 'child:ping':
    case 'child:pong':
    case 'child:worker-pong':
      return Number.isSafeInteger(fields['seq']) ? (message as ChildControl) : undefined;
    case 'child:start-error':
      return serialisedErrorSchema.safeParse(fields['error']).success ? (message as ChildControl) : undefined;
    default:
      return undefined;
  }
}
