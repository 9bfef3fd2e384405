import type { CloseReason, Transport } from './transport.ts';

/** About one second of 16 kHz PCM16: more than this waiting means that the app does not keep up, and old sound is no use to it. */
const MAX_BUFFERED_BYTES = 32_000;

/** The web host: text frames are JSON messages, binary frames are sound. */
export class WebSocketTransport implements Transport {
  readonly carriesAudio = true;
  readonly #socket: WebSocket;
  readonly #explainRefusal: () => Promise<CloseReason>;
  #wasOpen = false;
  #over = false;
  #closeListener: (reason: CloseReason) => void = () => {};

  /**
   * @param url ws:// address of the app
   * @param explainRefusal asked when the socket never opened, as a browser does not tell why
   */
  constructor(url: string, explainRefusal: () => Promise<CloseReason>) {
    this.#explainRefusal = explainRefusal;
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.addEventListener('close', () => void this.#ended());
  }

  send(message: Parameters<Transport['send']>[0]): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  sendAudio(frame: ArrayBuffer): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN || this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) return false;
    this.#socket.send(frame);
    return true;
  }

  onOpen(listener: () => void): void {
    this.#socket.addEventListener('open', () => {
      this.#wasOpen = true;
      if (!this.#over) listener();
    });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#socket.addEventListener('message', ({ data }) => {
      if (!this.#over && typeof data === 'string') listener(parseJson(data));
    });
  }

  onAudio(listener: (frame: ArrayBuffer) => void): void {
    this.#socket.addEventListener('message', ({ data }) => {
      if (!this.#over && data instanceof ArrayBuffer) listener(data);
    });
  }

  onClose(listener: (reason: CloseReason) => void): void {
    this.#closeListener = listener;
  }

  close(): void {
    this.#over = true;
    this.#socket.close();
  }

  async #ended(): Promise<void> {
    if (this.#over) return;
    const reason = this.#wasOpen ? 'lost' : await this.#explainRefusal();
    if (this.#over) return;
    this.#over = true;
    this.#closeListener(reason);
  }
}

/** Asks the page's own address: an app that answers "who are you?" refuses us, one that does not answer is gone. */
export async function askWhyRefused(pageUrl: string): Promise<CloseReason> {
  try {
    const { status } = await fetch(pageUrl, { method: 'HEAD', cache: 'no-store' });
    return status === 401 || status === 403 ? 'refused' : 'lost';
  } catch {
    return 'lost';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
