import type { WriteStream } from 'node:tty';

/** Where a command speaks: results on `out`, everything else (progress, notices, errors) on `note`. */
export interface Terminal {
  /** Whether a person sees `note`, so that a line may be drawn over. */
  readonly isInteractive: boolean;
  readonly columns: number;
  out(text: string): void;
  note(text: string): void;
  /** Draws one line over the previous drawing; '' takes it away. Only when interactive. */
  draw(line: string): void;
}

type Stream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

export class StreamTerminal implements Terminal {
  readonly #out: Stream;
  readonly #note: Stream;
  #drawn = false;

  constructor({ out = process.stdout, note = process.stderr }: { out?: Stream; note?: Stream } = {}) {
    this.#out = out;
    this.#note = note;
  }

  get isInteractive(): boolean {
    return this.#note.isTTY === true;
  }

  get columns(): number {
    return this.#note.columns || 80;
  }

  out(text: string): void {
    this.draw('');
    this.#out.write(`${text}\n`);
  }

  note(text: string): void {
    this.draw('');
    this.#note.write(`${text}\n`);
  }

  draw(line: string): void {
    if (!this.isInteractive || (line === '' && !this.#drawn)) return;
    // Carriage return, the line, and whatever stood behind it erased.
    this.#note.write(`\r${line}\u001b[K`);
    this.#drawn = line !== '';
  }
}
