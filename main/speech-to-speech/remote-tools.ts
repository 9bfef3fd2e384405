import { ParleyError } from '../contract/errors.ts';
import type { ToolBox } from '../ports/tool.ts';
import type { RemoteConnection } from './remote-voice.ts';

/** Runs what the model asks for through the same gate as the cascade's tools, and gives the result back unless it is no longer wanted. */
export class RemoteTools {
  readonly #box: ToolBox;
  readonly #connection: Pick<RemoteConnection, 'sendToolResult'>;
  readonly #onSettled: (callId: string) => void;
  readonly #running = new Map<string, AbortController>();
  /** Words from outside are in the conversation from then on. */
  #isTainted = false;

  /** `onSettled`: the result of this call was sent, or is none. Default: nobody wants to know. */
  constructor(
    box: ToolBox,
    connection: Pick<RemoteConnection, 'sendToolResult'>,
    onSettled: (callId: string) => void = () => {},
  ) {
    this.#box = box;
    this.#connection = connection;
    this.#onSettled = onSettled;
  }

  call(call: { callId: string; name: string; arguments: string }, userText: string): void {
    const abort = new AbortController();
    this.#running.set(call.callId, abort);
    void this.#run(call, { signal: abort.signal, userText }).finally(() => {
      this.#running.delete(call.callId);
      this.#onSettled(call.callId);
    });
  }

  cancel(callIds: readonly string[]): void {
    for (const callId of callIds) this.#running.get(callId)?.abort(cancelled());
  }

  close(): void {
    this.cancel([...this.#running.keys()]);
  }

  async #run(
    { callId, name, arguments: args }: { callId: string; name: string; arguments: string },
    { signal, userText }: { signal: AbortSignal; userText: string },
  ): Promise<void> {
    try {
      // The provider calls tools when the user's turn is over.
      const context = { signal, userText, released: Promise.resolve(), tainted: this.#isTainted };
      const result = await this.#box.call({ id: callId, name, arguments: args }, context);
      if (signal.aborted) return;
      this.#isTainted ||= result.outside;
      this.#connection.sendToolResult({ callId, name, output: result.text, failed: result.failed });
    } catch {
      // Aborted: nobody waits for it.
    }
  }
}

const cancelled = () => new ParleyError({ code: 'cancelled', stage: 'tool', message: 'the call is no longer wanted' });
