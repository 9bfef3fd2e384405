import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { ParleyError, type ErrorCode } from '../../contract/errors.ts';

/**
 * What went wrong at an endpoint, in our words. The server's own message is left out: it can quote the prompt or the key.
 * `detail` is the endpoint's host and, where there is one, the status.
 */
export function endpointError(cause: unknown, host: string): ParleyError {
  if (cause instanceof ParleyError) return cause;
  if (cause instanceof APIConnectionTimeoutError)
    return make('call-timeout', 'The endpoint did not answer in time.', host);
  if (cause instanceof APIConnectionError) return make('endpoint-unreachable', 'The endpoint cannot be reached.', host);
  if (cause instanceof APIError) return statusError(cause, host);
  if (cause instanceof SyntaxError) return make('engine-failed', 'The endpoint sent something that is not JSON.', host);
  if (cause instanceof TypeError)
    return make('endpoint-unreachable', 'The connection to the endpoint broke off.', host);
  return make('engine-failed', 'The endpoint could not be used.', host);
}

function statusError(error: APIError, host: string): ParleyError {
  const { status } = error;
  const detail = status === undefined ? host : `${host}, status ${status}`;
  if (status === undefined) return make('engine-failed', 'The endpoint reported an error in mid-answer.', detail);
  if (isTooLong(error)) return make('prompt-too-long', 'The conversation is too long for the model.', detail);
  if (status === 429) return make('endpoint-rate-limited', 'The endpoint asks to come back later.', detail);
  if (status === 408 || status === 504) return make('call-timeout', 'The endpoint did not answer in time.', detail);
  if (status < 500) return make('endpoint-refused', 'The endpoint refused the request.', detail);
  return make('engine-failed', 'The endpoint failed.', detail);
}

/** OpenAI and vLLM say it in `code`, llama-server in `type`. */
function isTooLong(error: APIError): boolean {
  return error.code === 'context_length_exceeded' || error.type === 'exceed_context_size_error' || error.status === 413;
}

function make(code: ErrorCode, message: string, detail: string): ParleyError {
  const retryable = code !== 'endpoint-refused' && code !== 'prompt-too-long';
  return new ParleyError({ code, stage: 'think', message, retryable, detail });
}
