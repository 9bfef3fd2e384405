import type { ClientEvent, ResponseEvent, SessionConfig } from 'openai/resources/live/live';
import type { ToolOffer } from '../../ports/tool.ts';
import type { LineListener } from '../connection/line.ts';

/** The model that works behind the one that speaks, where there are tools (developers.openai.com/api/docs/guides/live-delegation). */
const BACKEND_MODEL = 'gpt-5.5';

/** Who does what the speaking model hands on: with tools a backend of OpenAI's that calls them, otherwise the application, which is us. */
export function delegationOf(tools: readonly ToolOffer[], instructions: string): SessionConfig['delegation'] {
  if (tools.length === 0) return { type: 'client' };
  return {
    type: 'responses',
    responses: {
      model: BACKEND_MODEL,
      instructions,
      tools: tools.map(({ name, description, parameters }) => ({ type: 'function', name, description, parameters })),
    },
  };
}

/** The backend's calls of our tools. Results go in one by one; it goes on when all of them are in and its response is over. */
export class LiveDelegation {
  readonly #listener: LineListener;
  readonly #send: (event: ClientEvent) => void;
  readonly #calls = new Set<string>();
  #isResponding = false;
  #hasResults = false;

  constructor(listener: LineListener, send: (event: ClientEvent) => void) {
    this.#listener = listener;
    this.#send = send;
  }

  /** Without tools there is nobody to hand anything on to. */
  onDelegated(delegationId: string): void {
    const content = 'There is nobody to hand this on to. Answer from what you know, or say that you cannot do it.';
    this.#send({ type: 'session.thinking.append', delegation_id: delegationId, content });
  }

  onResponseEvent({ event }: ResponseEvent): void {
    const { type, item } = event as { type?: string; item?: Record<string, unknown> };
    if (type === 'response.created') this.#isResponding = true;
    if (type === 'response.completed' || type === 'response.failed' || type === 'response.incomplete') {
      this.#isResponding = false;
      this.#goOn();
    }
    if (type !== 'response.output_item.done' || item?.['type'] !== 'function_call') return;
    const callId = String(item['call_id']);
    this.#calls.add(callId);
    const call = { callId, name: String(item['name']), arguments: String(item['arguments']) };
    this.#listener.onEvent({ type: 'tool-call', ...call });
  }

  sendResult(callId: string, output: string): void {
    if (!this.#calls.delete(callId)) return;
    this.#send({ type: 'response.item.create', item: { type: 'function_call_output', call_id: callId, output } });
    this.#hasResults = true;
    this.#goOn();
  }

  #goOn(): void {
    if (this.#isResponding || this.#calls.size > 0 || !this.#hasResults) return;
    this.#hasResults = false;
    this.#send({ type: 'response.create' });
  }
}
