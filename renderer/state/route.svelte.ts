/// <reference types="svelte" />

export interface RouteOptions {
  /** Ids of the views there are; the first is shown at any other address. */
  ids: readonly string[];
  /** The part of the address after `#`, with it. */
  readHash(): string;
}

/** Which view the window's address asks for. The address is kept by the browser: its history, reload and bookmarks work. */
export class Route {
  readonly #options: RouteOptions;
  #id = $state('');
  #part: string | null = $state(null);

  constructor(options: RouteOptions) {
    this.#options = options;
    this.follow();
  }

  get id(): string {
    return this.#id;
  }

  /** What of the view is asked for: `#/<view>/<part>`. */
  get part(): string | null {
    return this.#part;
  }

  /** The address has changed. */
  follow(): void {
    const { ids, readHash } = this.#options;
    const [asked = '', part = null] = readHash().replace(/^#\/?/, '').split('/');
    this.#id = ids.includes(asked) ? asked : ids[0]!;
    this.#part = part;
  }
}
