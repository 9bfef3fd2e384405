import type { ClientMessage } from '../../main/contract/messages.ts';

/** `lost`: was open, or the app could not be reached; `refused`: the app is there and does not let this window in. */
export type CloseReason = 'lost' | 'refused';

/** One connection to the app, from its opening to its end. It never reconnects: the client opens another one. */
export interface Transport {
  /** True when sound can be sent and received as binary frames (contract/audio-frame.ts). */
  readonly carriesAudio: boolean;
  send(message: ClientMessage): void;
  /** False when the frame was dropped because too much is waiting already. */
  sendAudio(frame: ArrayBuffer): boolean;
  onOpen(listener: () => void): void;
  /** What arrives is not validated yet. */
  onMessage(listener: (message: unknown) => void): void;
  onAudio(listener: (frame: ArrayBuffer) => void): void;
  /** At most once; nothing is delivered after it. */
  onClose(listener: (reason: CloseReason) => void): void;
  /** Ends the connection without telling onClose. */
  close(): void;
}

export type OpenTransport = () => Transport;

/** Time, injected so that tests of waiting need none. */
export interface Timers {
  /** Calls back once after `delayMs`; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}
