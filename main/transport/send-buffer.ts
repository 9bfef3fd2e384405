import type { AppEvent, AppMessage } from '../contract/messages.ts';
import type { Clock } from '../ports/clock.ts';

/** Where a send buffer writes to: a socket. */
export interface FrameSink {
  /** Bytes that were written and have not left yet. */
  readonly bufferedBytes: number;
  /** `flushed` is called when these bytes have left, or never when the socket dies. */
  write(data: string | Uint8Array, flushed: () => void): void;
}

export interface SendLimits {
  /** Nothing is written while the socket holds more than this. */
  highWaterBytes: number;
  /** A client for which something has been waiting without a break for this long is given up. */
  slowAfterMs: number;
  /** So is one for which this much is waiting. */
  maxWaiting: number;
}

/**
 * 256 KB are seconds of everything that Parley sends (24 kHz speech is 48 KB/s). 10 s is longer than a laptop's lid takes to close and
 * open, and a client that comes back gets a snapshot.
 */
export const DEFAULT_SEND_LIMITS: SendLimits = { highWaterBytes: 256 * 1024, slowAfterMs: 10_000, maxWaiting: 4000 };

export interface SendBufferOptions {
  sink: FrameSink;
  clock: Clock;
  /** Called once; nothing is written afterwards. */
  onTooSlow: () => void;
  limits?: Partial<SendLimits>;
}

interface Waiting {
  /** What later message replaces this one while it waits; undefined: none does. */
  key: string | undefined;
  content: AppMessage | Uint8Array;
}

/**
 * What waits for a slow client, in order. A `state`, `levels` or version of a line takes the place of the one that waits already; a
 * snapshot replaces all of them. Replies, removals and audio are never left out.
 */
export class SendBuffer {
  readonly #sink: FrameSink;
  readonly #clock: Clock;
  readonly #limits: SendLimits;
  readonly #onTooSlow: () => void;
  #waiting: Waiting[] = [];
  #byKey = new Map<string, Waiting>();
  #cancelSlowTimer: (() => void) | undefined;
  #coalesced = 0;
  #closed = false;

  constructor(options: SendBufferOptions) {
    this.#sink = options.sink;
    this.#clock = options.clock;
    this.#onTooSlow = options.onTooSlow;
    this.#limits = { ...DEFAULT_SEND_LIMITS, ...options.limits };
  }

  /** Messages that wait for the socket. */
  get depth(): number {
    return this.#waiting.length;
  }

  /** Messages that were replaced by a later one before they were sent. */
  get coalesced(): number {
    return this.#coalesced;
  }

  sendMessage(message: AppMessage): void {
    if (message.type === 'event') this.#dropSuperseded(message.event);
    this.#push(message, message.type === 'event' ? keyOf(message.event) : undefined);
  }

  sendAudio(frame: ArrayBuffer): void {
    this.#push(new Uint8Array(frame), undefined);
  }

  /** Drops what waits. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#byKey.clear();
    this.#cancelSlowTimer?.();
    this.#cancelSlowTimer = undefined;
  }

  #push(content: Waiting['content'], key: string | undefined): void {
    if (this.#closed) return;
    const same = key === undefined ? undefined : this.#byKey.get(key);
    if (same) {
      // In its old place: appended, a state that changes faster than the socket drains would never be sent.
      same.content = content;
      this.#coalesced++;
      return;
    }
    const waiting: Waiting = { key, content };
    this.#waiting.push(waiting);
    if (key !== undefined) this.#byKey.set(key, waiting);
    this.#pump();
    if (this.#waiting.length > this.#limits.maxWaiting) this.#tooSlow();
  }

  #dropSuperseded(event: AppEvent): void {
    if (event.type === 'snapshot') {
      this.#drop(({ content }) => isEventOf(content, ['state', 'levels', 'line', 'lines-removed']));
    } else if (event.type === 'lines-removed') {
      const keys = new Set(event.ids.map(lineKey));
      this.#drop(({ key }) => key !== undefined && keys.has(key));
    }
  }

  #drop(isSuperseded: (waiting: Waiting) => boolean): void {
    this.#waiting = this.#waiting.filter((waiting) => {
      if (!isSuperseded(waiting)) return true;
      this.#coalesced++;
      if (waiting.key !== undefined) this.#byKey.delete(waiting.key);
      return false;
    });
  }

  #pump(): void {
    while (!this.#closed && this.#waiting.length > 0 && this.#sink.bufferedBytes < this.#limits.highWaterBytes) {
      const { key, content } = this.#waiting.shift()!;
      if (key !== undefined) this.#byKey.delete(key);
      const data = content instanceof Uint8Array ? content : JSON.stringify(content);
      this.#sink.write(data, () => this.#pump());
    }
    this.#watchSlowness();
  }

  #watchSlowness(): void {
    if (this.#waiting.length === 0) {
      this.#cancelSlowTimer?.();
      this.#cancelSlowTimer = undefined;
    } else if (!this.#closed) {
      this.#cancelSlowTimer ??= this.#clock.schedule(this.#limits.slowAfterMs, () => this.#tooSlow());
    }
  }

  #tooSlow(): void {
    if (this.#closed) return;
    this.close();
    this.#onTooSlow();
  }
}

function keyOf(event: AppEvent): string | undefined {
  if (event.type === 'state' || event.type === 'levels') return event.type;
  return event.type === 'line' ? lineKey(event.line.id) : undefined;
}

function lineKey(id: string): string {
  return `line:${id}`;
}

function isEventOf(content: Waiting['content'], types: AppEvent['type'][]): boolean {
  return !(content instanceof Uint8Array) && content.type === 'event' && types.includes(content.event.type);
}
