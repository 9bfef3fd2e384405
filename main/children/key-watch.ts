import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { HostedChild } from './child-host.ts';
import type { KeyWatchReport, WatchedKey, WatchKeyRequest } from './key-watch-messages.ts';

export interface KeyWatchOptions {
  /** Starts a keys child. */
  spawn(): HostedChild;
  clock: Clock;
  logger: Logger;
  onKey(type: 'down' | 'up'): void;
  /** It died more often than it is restarted: nothing will be told any more. */
  onLost(): void;
}

const START_LIMIT_MS = 5000;
const MAX_RESTARTS = 3;

/** Follows one key's going down and up through a child process, which is restarted three times at most. */
export class KeyWatch {
  readonly #options: KeyWatchOptions;
  #child: HostedChild | undefined;
  #key: WatchedKey | undefined;
  #restarts = 0;
  #isDown = false;
  #answered: (works: boolean) => void = () => {};

  constructor(options: KeyWatchOptions) {
    this.#options = options;
  }

  /** Resolves with whether the key can be followed. Never rejects. */
  watch(key: WatchedKey): Promise<boolean> {
    this.#key = key;
    return new Promise((resolve) => {
      const cancel = this.#options.clock.schedule(START_LIMIT_MS, () => this.#answered(false));
      this.#answered = (works) => {
        cancel();
        this.#answered = () => {};
        if (!works) this.close();
        resolve(works);
      };
      if (this.#child) this.#ask(this.#child, key);
      else this.#start(key);
    });
  }

  close(): void {
    const child = this.#child;
    this.#child = undefined;
    this.#key = undefined;
    this.#letGo();
    child?.kill();
  }

  #start(key: WatchedKey): void {
    const child = this.#options.spawn();
    this.#child = child;
    child.link.onMessage((message) => this.#child === child && this.#onReport(message as KeyWatchReport));
    child.onExit((exit) => this.#child === child && this.#onExit(exit));
    this.#ask(child, key);
  }

  #ask(child: HostedChild, key: WatchedKey): void {
    child.link.post({ type: 'watch', key } satisfies WatchKeyRequest);
  }

  #onReport(report: KeyWatchReport): void {
    switch (report.type) {
      case 'ready':
        return this.#answered(true);
      case 'failed':
        this.#options.logger.warn('the talk key’s going up cannot be noticed', { reason: report.message });
        return this.#answered(false);
      case 'down':
      case 'up':
        // A key that is held repeats its going down.
        if ((report.type === 'down') === this.#isDown) return;
        this.#isDown = report.type === 'down';
        return this.#options.onKey(report.type);
      default:
        report satisfies never;
    }
  }

  #onExit(exit: { code: number | null; signal: string | null }): void {
    this.#options.logger.warn('the keys child ended', exit);
    this.#child = undefined;
    this.#letGo();
    if (this.#key !== undefined && this.#restarts++ < MAX_RESTARTS) return this.#start(this.#key);
    this.#key = undefined;
    this.#answered(false);
    this.#options.onLost();
  }

  /** Nobody will see it go up any more. */
  #letGo(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#options.onKey('up');
  }
}
