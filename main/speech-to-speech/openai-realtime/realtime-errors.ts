import type { ParleyError } from '../../contract/errors.ts';
import { connectionError, spokenError } from '../connection/connection-errors.ts';

/** An error of the protocol in our words; only its codes are read, what it says may quote the prompt. */
export function protocolError(
  error: { code?: string | null; type?: string | null } | undefined,
  label: string,
): ParleyError {
  const code = error?.code ?? error?.type ?? '';
  return (
    spokenError(code.replaceAll('_', ' '), label) ?? connectionError('engine-failed', { label, what: known(code) })
  );
}

/** Codes are short words; what is not one is not repeated. */
function known(code: string): string | undefined {
  return /^[\w.-]{1,60}$/.test(code) ? code : undefined;
}

/** They tell of a race that was lost, and nothing needs to be done: the response was over before it was cancelled, or began before it was asked for. */
const HARMLESS = ['response_cancel_not_active', 'conversation_already_has_active_response', 'item_not_found'];

export function isHarmless(code: string | null | undefined): boolean {
  return HARMLESS.includes(code ?? '');
}
