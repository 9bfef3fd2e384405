import { connectionError, statusError } from '../connection/connection-errors.ts';
import type { LineOptions } from '../connection/line.ts';
import { ParleyError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PastExchange } from '../../ports/responder.ts';
import type { ToolOffer } from '../../ports/tool.ts';

export const INPUT_RATE_HZ = 16_000;
export const OUTPUT_RATE_HZ = 24_000;

export interface UltravoxCallOptions extends Pick<LineOptions, 'instructions' | 'history' | 'tools' | 'signal'> {
  baseUrl: string;
  key: string;
  label: string;
  model: string | undefined;
  voice: string | undefined;
  clock: Clock;
}

const CREATED_WITHIN_MS = 10_000;

/** Creates a call and resolves with the address to join it by. The address is a secret: who has it is in the call. */
export async function createUltravoxCall(options: UltravoxCallOptions): Promise<string> {
  const { baseUrl, key, label, clock, signal } = options;
  const late = new AbortController();
  const stopWaiting = clock.schedule(CREATED_WITHIN_MS, () => late.abort());
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/api/calls`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(callBody(options)),
      signal: AbortSignal.any([signal, late.signal]),
      redirect: 'error',
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw statusError(response.status, label);
    }
    return joinUrlOf(await response.json(), options);
  } catch (cause) {
    if (cause instanceof ParleyError) throw cause;
    if (signal.aborted) throw new ParleyError({ code: 'cancelled', stage: 'think' });
    if (late.signal.aborted) throw connectionError('call-timeout', { label });
    const isNoJson = cause instanceof SyntaxError;
    throw connectionError(isNoJson ? 'engine-failed' : 'endpoint-unreachable', { label, cause });
  } finally {
    stopWaiting();
  }
}

function callBody({ instructions, history, tools, model, voice }: UltravoxCallOptions): object {
  return {
    systemPrompt: instructions,
    ...(model !== undefined && { model }),
    ...(voice !== undefined && { voice }),
    initialMessages: messages(history),
    selectedTools: tools.map(temporaryTool),
    medium: {
      serverWebSocket: {
        inputSampleRate: INPUT_RATE_HZ,
        outputSampleRate: OUTPUT_RATE_HZ,
        // Large, with `playback_clear_buffer` for interruptions: no gap when the network hesitates (docs.ultravox.ai/apps/websockets).
        clientBufferSizeMs: 30_000,
      },
    },
    initialOutputMedium: 'MESSAGE_MEDIUM_VOICE',
    firstSpeakerSettings: { user: {} },
    recordingEnabled: false,
  };
}

function messages(history: readonly PastExchange[]): { role: string; text: string }[] {
  return history.flatMap(({ user, heard }) => [
    ...(user === '' ? [] : [{ role: 'MESSAGE_ROLE_USER', text: user }]),
    ...(heard === '' ? [] : [{ role: 'MESSAGE_ROLE_AGENT', text: heard }]),
  ]);
}

/** The parameters of a tool one by one, as Ultravox wants them. */
function temporaryTool({ name, description, parameters }: ToolOffer): object {
  const { properties = {}, required = [] } = parameters as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  const dynamicParameters = Object.entries(properties).map(([parameter, schema]) => ({
    name: parameter,
    location: 'PARAMETER_LOCATION_BODY',
    schema,
    required: required.includes(parameter),
  }));
  return { temporaryTool: { modelToolName: name, description, dynamicParameters, client: {} } };
}

/** Sound goes in the clear only where the call was made in the clear: to a stand-in on this machine. */
function joinUrlOf(created: unknown, { baseUrl, label }: UltravoxCallOptions): string {
  const { joinUrl } = (created ?? {}) as { joinUrl?: unknown };
  const schemes = baseUrl.startsWith('http:') ? ['wss:', 'ws:'] : ['wss:'];
  if (typeof joinUrl !== 'string' || !URL.canParse(joinUrl) || !schemes.includes(new URL(joinUrl).protocol)) {
    throw connectionError('engine-failed', { label, what: 'it gave no address to join the call by' });
  }
  const url = new URL(joinUrl);
  url.searchParams.set('apiVersion', '1');
  return url.href;
}
