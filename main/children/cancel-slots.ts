/**
 * Cancel flags in shared memory: child main writes the id of a request that was given up, the engine's thread reads it even in the
 * middle of a synchronous native loop, where the cancel message could not be delivered. A slot is shared by ids that are 1024 apart:
 * a flag could be overwritten only if that many requests were made, and one of them given up, while an earlier one still runs.
 */
const SLOT_COUNT = 1024;

export class CancelSlots {
  readonly #slots: Int32Array;

  constructor(buffer: SharedArrayBuffer = CancelSlots.allocate()) {
    this.#slots = new Int32Array(buffer);
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(SLOT_COUNT * Int32Array.BYTES_PER_ELEMENT);
  }

  cancel(id: number): void {
    Atomics.store(this.#slots, id % SLOT_COUNT, id);
  }

  isCancelled(id: number): boolean {
    return Atomics.load(this.#slots, id % SLOT_COUNT) === id;
  }
}
