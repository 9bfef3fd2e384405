import type { ParleyBridge } from '../../main/contract/bridge.ts';
import type { ClientMessage } from '../../main/contract/messages.ts';
import type { Transport } from './transport.ts';

/** The desktop window: IPC is there from the start and lives as long as the page; sound goes through the sound card. */
export class ElectronTransport implements Transport {
  readonly carriesAudio = false;
  readonly #bridge: ParleyBridge;
  #unsubscribe: () => void = () => {};

  constructor(bridge: ParleyBridge) {
    this.#bridge = bridge;
  }

  send(message: ClientMessage): void {
    this.#bridge.send(message);
  }

  sendAudio(): boolean {
    return false;
  }

  onOpen(listener: () => void): void {
    queueMicrotask(listener);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#unsubscribe = this.#bridge.onMessage(listener);
  }

  onAudio(): void {}

  /** Never: when the app is gone, so is the window. */
  onClose(): void {}

  close(): void {
    this.#unsubscribe();
  }
}
