import type { AppChildren } from './app-children.ts';
import { ListenClient } from './children/listen-client.ts';
import type { SupervisedChild } from './children/supervised-child.ts';
import type { SerialisedError } from './contract/errors.ts';
import type { Clock } from './ports/clock.ts';
import type { Listener } from './ports/listener.ts';

export interface ServedEarsOptions {
  children: Pick<AppChildren, 'spare' | 'discard'>;
  /** Of the listen child. Throws `model-missing` or `model-corrupt`. */
  config(): unknown;
  clock: Clock;
  /** What was being heard is lost. */
  onLost(error: SerialisedError): void;
}

/** Ears cost 250 MB and 1 to 2 s: kept for somebody who comes back, not for ever. */
const KEEP_MS = 60_000;

/** Ears of their own for whoever is served: the app's listen to the app's conversation. They are there from the first client on. */
export class ServedEars {
  readonly #options: ServedEarsOptions;
  #child: SupervisedChild | null = null;
  #cancelStop: (() => void) | null = null;

  constructor(options: ServedEarsOptions) {
    this.#options = options;
  }

  /** Resolves when they hear. */
  async listener(): Promise<Listener> {
    this.#cancelStop?.();
    this.#cancelStop = null;
    this.#child ??= this.#newChild();
    const child = this.#child;
    await child.start();
    return new ListenClient({ rpc: child });
  }

  /** Nobody is heard any more, for now. */
  rest(): void {
    this.#cancelStop?.();
    this.#cancelStop = this.#options.clock.schedule(KEEP_MS, () => void this.close());
  }

  async close(): Promise<void> {
    this.#cancelStop?.();
    this.#cancelStop = null;
    const child = this.#child;
    this.#child = null;
    if (child) await this.#options.children.discard(child);
  }

  #newChild(): SupervisedChild {
    const child = this.#options.children.spare('listen', this.#options.config());
    child.onStatus((status) => {
      if (status === 'restarting' || status === 'failed') this.#options.onLost(child.error!.serialise());
    });
    return child;
  }
}
