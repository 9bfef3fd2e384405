import type { ClientRequest, IncomingMessage } from 'node:http';
import { WebSocket, type RawData } from 'ws';
import { ParleyError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { closeError, connectionError, statusError } from './connection-errors.ts';

export interface VendorSocketOptions {
  url: string;
  /** Keys go here, never into the address. */
  headers: Record<string, string>;
  /** For errors. */
  label: string;
  clock: Clock;
  signal: AbortSignal;
  /** A message parsed. What it throws counts as a message that is not understood. */
  onMessage(message: unknown): void;
  /** Binary frames; absent: they are JSON like the others (Gemini sends them so). */
  onBinary?(bytes: Buffer): void;
  /** A message was no JSON, or not of the form it should have; the socket lives on. */
  onMalformed(error: ParleyError): void;
  /** Once, and not after `close`. */
  onClosed(error: ParleyError): void;
}

const OPEN_WITHIN_MS = 10_000;
/** Far above anything a protocol sends at once: 16 MiB are 4 min of base64 speech. */
const MAX_MESSAGE_BYTES = 16 * 2 ** 20;
/** A network that takes nothing: 1 MiB is 25 s of base64 speech, too old to be answered. */
const MAX_UNSENT_BYTES = 2 ** 20;
const CLOSE_WITHIN_MS = 1000;

/** A WebSocket to a provider whose failures are ours: no event of it is unhandled, none of its errors carries what the provider said. */
export class VendorSocket {
  readonly #socket: WebSocket;
  readonly #options: VendorSocketOptions;
  #isClosed = false;

  /** Rejects with `endpoint-unreachable`, `endpoint-refused`, `endpoint-rate-limited`, `call-timeout`, `engine-failed` or `cancelled`. */
  static open(options: VendorSocketOptions): Promise<VendorSocket> {
    const { url, headers, label, clock, signal } = options;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled());
      const socket = new WebSocket(url, { headers, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
      const vendorSocket = new VendorSocket(socket, options);
      const settle = (error: ParleyError | null): void => {
        stopWaiting();
        signal.removeEventListener('abort', onAbort);
        if (!error) return resolve(vendorSocket);
        vendorSocket.#isClosed = true;
        socket.terminate();
        reject(error);
      };
      const onAbort = (): void => settle(cancelled());
      const stopWaiting = clock.schedule(OPEN_WITHIN_MS, () => settle(connectionError('call-timeout', { label })));
      signal.addEventListener('abort', onAbort);
      socket.once('open', () => settle(null));
      socket.once('unexpected-response', (request: ClientRequest, response: IncomingMessage) => {
        request.destroy();
        settle(statusError(response.statusCode ?? 0, label));
      });
      // After it has opened, an error is followed by the close that tells of it.
      socket.on('error', (cause) => {
        if (socket.readyState !== WebSocket.OPEN) settle(connectionError('endpoint-unreachable', { label, cause }));
      });
    });
  }

  private constructor(socket: WebSocket, options: VendorSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('close', (code, reason) => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      options.onClosed(closeError({ code, reason: reason.toString('utf8') }, options.label));
    });
  }

  /** What a network that is stuck cannot take is dropped: `live` is audio, which is worthless later. */
  send(message: object | Buffer, { live = false } = {}): void {
    if (this.#isClosed || this.#socket.readyState !== WebSocket.OPEN) return;
    if (live && this.#socket.bufferedAmount > MAX_UNSENT_BYTES) return;
    this.#socket.send(Buffer.isBuffer(message) ? message : JSON.stringify(message), () => {
      // A failure is told by the close that follows it.
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close(1000);
    const stopWaiting = this.#options.clock.schedule(CLOSE_WITHIN_MS, () => this.#socket.terminate());
    this.#socket.once('close', stopWaiting);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#isClosed) return;
    const { onMessage, onBinary, onMalformed, label } = this.#options;
    const bytes = data as Buffer;
    try {
      if (isBinary && onBinary) onBinary(bytes);
      else onMessage(JSON.parse(bytes.toString('utf8')));
    } catch (cause) {
      onMalformed(connectionError('engine-failed', { label, what: 'it sent something that is not understood', cause }));
    }
  }
}

function cancelled(): ParleyError {
  return new ParleyError({ code: 'cancelled', stage: 'think', message: 'The connection is no longer wanted.' });
}
