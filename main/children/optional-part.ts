import { ParleyError, type Stage } from '../contract/errors.ts';

interface Closable {
  close(): Promise<void>;
}

/** An engine that is opened when it is first asked for, and that one can do without. */
export class OptionalPart<Part extends Closable> {
  readonly #options: { stage: Stage; open(): Promise<Part>; onMissing(error: ParleyError): void };
  #opening: Promise<void> | undefined;
  #opened: Part | null = null;

  /** `onMissing` is told once why it cannot be opened; it is not tried again. */
  constructor(options: { stage: Stage; open(): Promise<Part>; onMissing(error: ParleyError): void }) {
    this.#options = options;
  }

  /** Null until it is open, and for ever when it cannot be opened. Never waits, never throws. */
  get(): Part | null {
    this.#opening ??= this.#open();
    return this.#opened;
  }

  async close(): Promise<void> {
    await this.#opening;
    await this.#opened?.close();
  }

  async #open(): Promise<void> {
    const { stage, open, onMissing } = this.#options;
    try {
      this.#opened = await open();
    } catch (cause) {
      onMissing(ParleyError.from(cause, stage));
    }
  }
}
