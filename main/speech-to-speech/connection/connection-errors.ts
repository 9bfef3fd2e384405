import { ParleyError, type ErrorCode } from '../../contract/errors.ts';

/**
 * What went wrong with a provider, in our words. What the provider says itself is only read for its kind, never passed on: such messages quote
 * the key or the prompt.
 */
export function connectionError(
  code: ErrorCode,
  { label, what, cause }: { label: string; what?: string | undefined; cause?: unknown },
): ParleyError {
  const detail = what === undefined ? label : `${label}: ${what}`;
  const retryable = code !== 'endpoint-refused' && code !== 'cancelled';
  return new ParleyError({ code, stage: 'think', message: MESSAGES[code] ?? code, retryable, detail, cause });
}

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  'endpoint-unreachable': 'The connection to the provider failed.',
  'endpoint-refused': 'The provider refused the connection.',
  'endpoint-rate-limited': 'The provider asks to come back later.',
  'call-timeout': 'The provider did not answer in time.',
  'engine-failed': 'The provider failed.',
};

/** Of a handshake or a request that was answered with this status. */
export function statusError(status: number, label: string): ParleyError {
  const what = `status ${status}`;
  if (status === 401 || status === 403) {
    return connectionError('endpoint-refused', { label, what: `the key was not accepted (${what})` });
  }
  if (status === 402)
    return connectionError('endpoint-refused', { label, what: `the account has no credit (${what})` });
  if (status === 429) return connectionError('endpoint-rate-limited', { label, what });
  if (status === 408 || status === 504) return connectionError('call-timeout', { label, what });
  if (status >= 500) return connectionError('engine-failed', { label, what });
  return connectionError('endpoint-refused', { label, what });
}

const KEY_WORDS = /api.?key|unauthenticated|unauthori[sz]ed|permission|forbidden|credential/i;
const CREDIT_WORDS = /credit.?balance|no credit|insufficient.quota/i;
const LIMIT_WORDS = /quota|rate.?limit|resource.?exhausted|too many|concurren/i;

/** Of a provider's own words or code: the reason of a close, the code of an error event. Null: it tells nothing that is known. */
export function spokenError(words: string, label: string): ParleyError | null {
  if (CREDIT_WORDS.test(words))
    return connectionError('endpoint-refused', { label, what: 'the account has no credit' });
  if (LIMIT_WORDS.test(words)) return connectionError('endpoint-rate-limited', { label });
  if (KEY_WORDS.test(words)) return connectionError('endpoint-refused', { label, what: 'the key was not accepted' });
  return null;
}

/** Of a socket that was closed by the other side. 1007 and 1008 say that what was sent is wrong: sent again, it is wrong again. */
export function closeError({ code, reason }: { code: number; reason: string }, label: string): ParleyError {
  const what = `the connection was closed (${code})`;
  const spoken = spokenError(reason, label);
  if (spoken) return spoken;
  if (code === 1007 || code === 1008) return connectionError('endpoint-refused', { label, what });
  if (code === 1011) return connectionError('engine-failed', { label, what });
  return connectionError('endpoint-unreachable', { label, what });
}
