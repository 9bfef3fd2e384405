/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import type { Command } from '../../main/contract/messages.ts';
import type { ModelsState, ModelStage, ProfileName } from '../../main/contract/models.ts';
import type { ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

/** The models as this window knows them, while somebody looks at them. */
export class Models {
  readonly #client: ParleyClient;
  readonly #notices: Notices;
  #state: ModelsState | null = $state.raw(null);

  constructor({ client, notices }: { client: ParleyClient; notices: Notices }) {
    this.#client = client;
    this.#notices = notices;
  }

  /** null until the app has told it. */
  get state(): ModelsState | null {
    return this.#state;
  }

  /** The app tells of every change from now on; the returned function ends that. */
  watch(): () => void {
    const stopEvents = this.#client.onEvent((event) => {
      if (event.type === 'models') this.#state = event.models;
    });
    const ask = (): void => void this.#do({ type: 'show-models' });
    const stopConnection = this.#client.onConnection((connection) => connection === 'connected' && ask());
    if (this.#client.connection === 'connected') ask();
    return () => {
      stopEvents();
      stopConnection();
    };
  }

  choose(stage: ModelStage, modelId: string): void {
    void this.#do({ type: 'choose-model', stage, modelId });
  }

  useServer(url: string, model: string): void {
    void this.#do({ type: 'choose-endpoint', endpoint: { url, model } });
  }

  install(id: string): void {
    void this.#do({ type: 'install-models', ids: [id], use: true });
  }

  cancelInstall(): void {
    void this.#do({ type: 'cancel-install' });
  }

  remove(modelId: string): void {
    void this.#do({ type: 'remove-model', modelId });
  }

  calibrate(): void {
    void this.#do({ type: 'calibrate-models' });
  }

  useProfile(profile: ProfileName): void {
    void this.#do({ type: 'use-profile', profile });
  }

  bring(path: string): void {
    void this.#do({ type: 'import-model', path });
  }

  async #do(command: Command): Promise<void> {
    try {
      await this.#client.command(command);
    } catch (cause) {
      this.#notices.addError('models', ParleyError.from(cause, 'models'));
    }
  }
}
