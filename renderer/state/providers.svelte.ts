/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import type { ProviderId, SecretCommand } from '../../main/contract/secrets.ts';
import type { ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

/** What the reader can do about the keys of providers. A key is sent to the app and kept nowhere here. */
export class Providers {
  readonly #client: ParleyClient;
  readonly #notices: Notices;

  constructor({ client, notices }: { client: ParleyClient; notices: Notices }) {
    this.#client = client;
    this.#notices = notices;
  }

  /** True when the app has it. */
  setKey(providerId: ProviderId, key: string): Promise<boolean> {
    return this.#send({ type: 'set-provider-key', providerId, key });
  }

  removeKey(providerId: ProviderId): void {
    void this.#send({ type: 'remove-provider-key', providerId });
  }

  test(providerId: ProviderId): void {
    void this.#send({ type: 'test-provider', providerId });
  }

  async #send(command: SecretCommand): Promise<boolean> {
    try {
      await this.#client.command(command);
      return true;
    } catch (cause) {
      const error = ParleyError.from(cause, 'transport');
      // The connection is gone: the window says so already.
      if (error.code !== 'cancelled') this.#notices.addError(command.type, error);
      return false;
    }
  }
}
