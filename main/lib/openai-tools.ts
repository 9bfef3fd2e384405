import type OpenAI from 'openai';
import { ParleyError } from '../contract/errors.ts';

type Delta = OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall;

/** A model that runs on in its arguments is stopped here. */
const MAX_ARGUMENT_CHARS = 65_536;
const MAX_CALLS = 16;

/** As `ToolCall` of the ports. */
interface Call {
  id: string;
  name: string;
  arguments: string;
}

/** As `ChatMessage` of the ports. */
export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  toolCalls?: readonly Call[];
  toolCallId?: string;
}

interface Offer {
  name: string;
  description: string;
  parameters: Readonly<Record<string, unknown>>;
}

interface OpenCall {
  index: number | undefined;
  id: string;
  name: string;
  arguments: string;
}

/** Messages as chat completions want them. */
export function toolMessages(messages: readonly Message[]): OpenAI.ChatCompletionMessageParam[] {
  return messages.map(({ role, content, toolCalls, toolCallId }) => {
    if (role === 'tool') return { role, content, tool_call_id: toolCallId ?? '' };
    if (role !== 'assistant' || !toolCalls?.length) return { role, content };
    return {
      role,
      content: content === '' ? null : content,
      tool_calls: toolCalls.map(({ id, name, arguments: args }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: args },
      })),
    };
  });
}

export function toolParams({
  tools,
  toolChoice = 'auto',
}: {
  tools: readonly Offer[];
  toolChoice?: 'auto' | 'none';
}): Pick<OpenAI.ChatCompletionCreateParams, 'tools' | 'tool_choice'> {
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function' as const,
      function: { name, description, parameters: { ...parameters } },
    })),
    tool_choice: toolChoice,
  };
}

/**
 * Puts calls together that come in pieces. Servers differ: OpenAI and vLLM number the calls and send arguments bit by bit, Ollama sends
 * each whole, and some leave out the number or the id.
 */
export class StreamedToolCalls {
  readonly #calls: OpenCall[] = [];

  /** Throws `engine-failed` when there is more than a call can be. */
  push(deltas: readonly Partial<Delta>[]): void {
    for (const { index, id, function: part } of deltas) {
      let call = this.#find(index, id);
      if (!call) {
        call = { index, id: '', name: '', arguments: '' };
        this.#calls.push(call);
      }
      call.id ||= id ?? '';
      call.name ||= part?.name ?? '';
      call.arguments += part?.arguments ?? '';
      if (call.arguments.length > MAX_ARGUMENT_CHARS || this.#calls.length > MAX_CALLS) {
        const message = 'The model asks for more than a tool call can be.';
        throw new ParleyError({ code: 'engine-failed', stage: 'think', message });
      }
    }
  }

  /** All calls, in the order in which they were begun. */
  end(): Call[] {
    return this.#calls
      .filter(({ name }) => name !== '')
      .map((call, position) => ({ id: call.id || `call-${position + 1}`, name: call.name, arguments: call.arguments }));
  }

  #find(index: number | undefined, id: string | undefined): OpenCall | undefined {
    const last = this.#calls.at(-1);
    // Some servers give every call the number 0 and tell them apart by id.
    if (index !== undefined) {
      const found = this.#calls.findLast((call) => call.index === index);
      return found && id && found.id && found.id !== id ? undefined : found;
    }
    return id && last?.id !== id ? undefined : last;
  }
}
