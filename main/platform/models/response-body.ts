import type { IncomingMessage } from 'node:http';
import { SourceFailure } from './source-failure.ts';

/** Enough to keep the network busy while the disk is slow. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * The bytes of an answer, in order. Unlike the stream's own iteration, which drops what was received but not yet read when
 * the connection is cut, this hands out every byte that arrived and only then throws SourceFailure `interrupted`: those bytes
 * need not be asked for again. Must be made as soon as the answer begins.
 */
export class ResponseBody {
  readonly #message: IncomingMessage;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #ending: { cut: unknown } | 'whole' | undefined;
  #wake: (() => void) | undefined;

  constructor(message: IncomingMessage) {
    this.#message = message;
    message.on('data', (chunk: Buffer) => this.#take(chunk));
    message.once('end', () => this.#end('whole'));
    message.once('error', (error) => this.#end({ cut: error }));
    message.once('close', () => this.#end({ cut: undefined }));
  }

  async *chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      for (let chunk = this.#waiting.shift(); chunk; chunk = this.#waiting.shift()) {
        this.#waitingBytes -= chunk.length;
        if (this.#waitingBytes < MAX_WAITING_BYTES) this.#message.resume();
        yield chunk;
      }
      if (this.#ending === 'whole') return;
      if (this.#ending) throw interruption(this.#ending.cut);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** No more is wanted. */
  discard(): void {
    this.#waiting = [];
    this.#message.destroy();
  }

  #take(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= MAX_WAITING_BYTES) this.#message.pause();
    this.#wake?.();
  }

  #end(ending: { cut: unknown } | 'whole'): void {
    this.#ending ??= ending;
    this.#wake?.();
  }
}

function interruption(cause: unknown): SourceFailure {
  return cause instanceof SourceFailure ? cause : new SourceFailure('interrupted', 'the transfer was cut', { cause });
}
