import { serialisedErrorSchema, type ErrorCode, type SerialisedError } from '../contract/errors.ts';

/** Everything that two RpcPeers say to each other. `id` is chosen by the end that asks and counts up from 1. */
export type RpcMessage =
  | { type: 'call'; id: number; method: string; params: unknown }
  /** `credit` is how many items may be sent before more credit is given. */
  | { type: 'stream'; id: number; method: string; params: unknown; credit: number }
  | { type: 'credit'; id: number; count: number }
  | { type: 'cancel'; id: number; code: ErrorCode }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'item'; id: number; value: unknown }
  | { type: 'end'; id: number }
  | { type: 'error'; id: number; error: SerialisedError }
  | { type: 'notify'; method: string; params: unknown };

/** The message, or undefined when it is not one of ours. Values are not looked into: both ends are of one build. */
export function readRpcMessage(message: unknown): RpcMessage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const fields = message as Record<string, unknown>;
  if (fields['type'] === 'notify') return typeof fields['method'] === 'string' ? (message as RpcMessage) : undefined;
  if (!Number.isSafeInteger(fields['id'])) return undefined;
  switch (fields['type']) {
    case 'call':
      return typeof fields['method'] === 'string' ? (message as RpcMessage) : undefined;
    case 'stream':
      return typeof fields['method'] === 'string' && isCount(fields['credit']) ? (message as RpcMessage) : undefined;
    case 'credit':
      return isCount(fields['count']) ? (message as RpcMessage) : undefined;
    case 'error':
      return serialisedErrorSchema.safeParse(fields['error']).success ? (message as RpcMessage) : undefined;
    case 'cancel':
      return typeof fields['code'] === 'string' ? (message as RpcMessage) : undefined;
    case 'result':
    case 'item':
    case 'end':
      return message as RpcMessage;
    default:
      return undefined;
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
