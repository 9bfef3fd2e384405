import { wordsFor } from '../contract/error-words.ts';
import { ParleyError } from '../contract/errors.ts';
import { deferred } from '../lib/deferred.ts';
import type { OpenedWindow } from '../platform/browser-window-opener.ts';
import { OrderlyShutdown } from '../platform/orderly-shutdown.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppEndpoint } from './app-endpoint.ts';
import { WebHost } from './web-host.ts';

/** The app, as a shell sees it. */
export interface ShellApp {
  endpoint: AppEndpoint;
  /** Resolves when engines and devices are ready; rejects with what keeps them from it. The app serves its windows meanwhile. */
  whenListening(): Promise<void>;
  close(): Promise<void>;
}

export interface WebShellOptions {
  createApp: () => Promise<ShellApp>;
  rendererDir: string;
  runDir: string;
  /** Recordings and reports of comparisons. */
  evaluationsDir: string;
  port: number;
  /** Undefined: serve only. Resolves to undefined when there is nothing to show a window with. */
  openWindow?: ((url: string) => Promise<OpenedWindow | undefined>) | undefined;
  /** For the person at the terminal: whole lines. */
  print: (line: string) => void;
  clock: Clock;
  logger: Logger;
}

/** A closed window may be one that is being reloaded. */
const RELOAD_GRACE_MS = 3000;

/** The app without Electron: it serves, opens a window, and lives until it is stopped or its window is closed. */
export class WebShell {
  readonly #options: WebShellOptions;
  readonly #shutdown: OrderlyShutdown;
  readonly #stopWanted = deferred<void>();
  #stopping = false;

  constructor(options: WebShellOptions) {
    this.#options = options;
    this.#shutdown = new OrderlyShutdown(options);
  }

  /** Asks `run` to end. */
  stop(): void {
    this.#stopping = true;
    this.#stopWanted.resolve();
  }

  /** Runs until stopped; everything is closed then. The exit code: 0 stopped as wished, 1 could not start (words were printed). */
  async run(): Promise<0 | 1> {
    try {
      // Also in the middle of starting: what is opened after the shutdown has begun is closed at once.
      await Promise.race([this.#stopWanted.promise, this.#start().then(() => this.#stopWanted.promise)]);
      return 0;
    } catch (cause) {
      const error = ParleyError.from(cause, 'app');
      this.#options.logger.error('could not start', { error });
      const { title, nextStep } = wordsFor(error);
      this.#options.print(`${title} ${nextStep}`);
      return 1;
    } finally {
      this.#stopping = true;
      await this.#shutdown.run();
    }
  }

  async #start(): Promise<void> {
    const { createApp, print, clock, logger, rendererDir, runDir, evaluationsDir, port } = this.#options;
    const app = await createApp();
    this.#shutdown.add('app', () => app.close());
    if (this.#stopping) return;
    const folders = { rendererDir, runDir, evaluationsDir };
    const host = await WebHost.start({ endpoint: app.endpoint, ...folders, port, clock, logger });
    this.#shutdown.add('web host', () => host.close());
    print(`Parley is ready: ${host.openUrl()}`);
    void this.#announceListening(app);
    if (this.#options.openWindow && !this.#stopping) await this.#open(host, this.#options.openWindow);
  }

  async #announceListening(app: ShellApp): Promise<void> {
    try {
      await app.whenListening();
      if (!this.#stopping) this.#options.print('Parley is listening');
    } catch (cause) {
      if (this.#stopping) return;
      const { title, nextStep } = wordsFor(ParleyError.from(cause, 'app'));
      this.#options.print(`Parley cannot listen yet. ${title} ${nextStep}`);
    }
  }

  async #open(host: WebHost, openWindow: NonNullable<WebShellOptions['openWindow']>): Promise<void> {
    // Not the printed address: that one stays good for another browser.
    const window = await openWindow(host.openUrl());
    if (!window) {
      this.#options.print('No window could be opened here. Open the address above in a browser on this machine.');
      return;
    }
    this.#shutdown.add('window', () => window.close());
    void window.whenClosed.then(() => this.#stopWhenUnused(host));
  }

  /** A program whose only window was closed has been closed, unless another tab is still connected. */
  #stopWhenUnused(host: WebHost): void {
    const stopIfUnused = (): void => {
      if (host.connectionCount === 0) this.stop();
    };
    let cancel = this.#options.clock.schedule(RELOAD_GRACE_MS, stopIfUnused);
    this.#shutdown.add('window watch', () => cancel());
    host.onConnectionCount((count) => {
      cancel();
      if (count === 0) cancel = this.#options.clock.schedule(RELOAD_GRACE_MS, stopIfUnused);
    });
  }
}
