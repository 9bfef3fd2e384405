/**
 * Two ends of a line that carries structured-clonable messages in order. The least that fork IPC, Electron's utility process,
 * a worker thread's port and an in-memory pair have in common.
 */
export interface MessageLink {
  /** Sends a copy; buffers in `transfer` are moved where the medium can. Dropped silently when the link is closed. */
  post(message: unknown, transfer?: ArrayBuffer[]): void;
  /** Messages that came before the first listener are kept for it. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when this end closed it. At once when the link is closed already. */
  onClose(listener: () => void): void;
  close(): void;
}

/** What every link does on its receiving side, so that an adapter says only how to send and how to close. */
export class LinkListeners {
  #onMessage: ((message: unknown) => void)[] = [];
  #onClose: (() => void)[] = [];
  #early: unknown[] = [];
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  addMessage(listener: (message: unknown) => void): void {
    this.#onMessage.push(listener);
    for (const message of this.#early.splice(0)) listener(message);
  }

  addClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClose.push(listener);
  }

  message(message: unknown): void {
    if (this.#closed) return;
    if (this.#onMessage.length === 0) this.#early.push(message);
    for (const listener of this.#onMessage) listener(message);
  }

  /** True the first time. */
  close(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    for (const listener of this.#onClose.splice(0)) listener();
    return true;
  }
}

/**
 * Two linked ends in this process. Messages are cloned and arrive in a later microtask, so that what works over it works over
 * a process boundary too. Throws DataCloneError on what cannot be cloned, as the others do.
 */
export function linkedPair(): [MessageLink, MessageLink] {
  const left = new LinkListeners();
  const right = new LinkListeners();
  const end = (own: LinkListeners, other: LinkListeners): MessageLink => ({
    post(message, transfer) {
      if (own.closed) return;
      const copy: unknown = structuredClone(message, transfer ? { transfer } : undefined);
      queueMicrotask(() => other.message(copy));
    },
    onMessage: (listener) => own.addMessage(listener),
    onClose: (listener) => own.addClose(listener),
    close() {
      if (!own.close()) return;
      queueMicrotask(() => other.close());
    },
  });
  return [end(left, right), end(right, left)];
}
