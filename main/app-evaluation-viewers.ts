import type { AppEvent } from './contract/messages.ts';
import type { ClientConnection } from './transport/app-endpoint.ts';

/** Which windows watch what is measured, and which run each of them has open. */
export class AppEvaluationViewers {
  readonly #watching = new Set<ClientConnection>();
  readonly #opened = new Map<ClientConnection, string>();

  watch(connection: ClientConnection, on: boolean): void {
    if (on) this.#watching.add(connection);
    else this.#watching.delete(connection);
  }

  /** Null: none any more. */
  open(connection: ClientConnection, runId: string | null): void {
    if (runId === null) this.#opened.delete(connection);
    else this.#opened.set(connection, runId);
  }

  hasViewers(runId: string): boolean {
    return [...this.#opened.values()].includes(runId);
  }

  forgetConnection(connection: ClientConnection): void {
    this.#watching.delete(connection);
    this.#opened.delete(connection);
  }

  /** The run is gone. */
  forgetRun(runId: string): void {
    for (const [connection, opened] of this.#opened) if (opened === runId) this.#opened.delete(connection);
  }

  tellWatching(event: AppEvent): void {
    for (const connection of this.#watching) connection.send(event);
  }

  tellViewers(runId: string, event: AppEvent): void {
    for (const [connection, opened] of this.#opened) if (opened === runId) connection.send(event);
  }
}
