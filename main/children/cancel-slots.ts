/**
 * Cancel flags in shared memory: child main writes the id of a request that was given up, the engine's thread reads it even in the
 * middle of a synchronous native loop, long before the cancel message could be delivered. Ids count up, so a slot that is
 * used again by a later request never speaks for an earlier one that is still running unless 64 requests run at once.
 */
const SLOT_COUNT = 64;

export class CancelSlots {
  readonly #slots: Int32Array;

  constructor(buffer: SharedArrayBuffer = CancelSlots.allocate()) {
    this.#slots = new Int32Array(buffer);
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(SLOT_COUNT * Int32Array.BYTES_PER_ELEMENT);
  }

  cancel(id: number): void {
    Atomics.store(this.#slots, id % SLOT_COUNT, id | 0);
  }

  isCancelled(id: number): boolean {
    return Atomics.load(this.#slots, id % SLOT_COUNT) === (id | 0);
  }
}
