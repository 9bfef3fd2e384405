import type { AudioFrame } from '../contract/audio-frame.ts';
import type { AppEvent, Command } from '../contract/messages.ts';

/** Every command but `hello`, which the transport answers itself. */
export type AppCommand = Exclude<Command, { type: 'hello' }>;

/** One window or tab, as the app sees it. Sending never throws and never waits; after `closed()` it does nothing. */
export interface ClientConnection {
  /** Unique among all connections of this run. */
  readonly id: string;
  /** True when binary audio frames can be sent to and come from this client (a browser tab; not the Electron window). */
  readonly carriesAudio: boolean;
  /** A slow client gets only the latest `state` and `levels`, and only the latest version of each line; nothing else is left out. */
  send(event: AppEvent): void;
  /** An encoded loudspeaker frame (contract/audio-frame.ts); kept in order with the events. Dropped when `carriesAudio` is false. */
  sendAudio(frame: ArrayBuffer): void;
}

/** The app's side of one connection. */
export interface AppSession {
  /**
   * Carries out a command. Commands are started in the order in which they came; the reply goes out when the promise settles, with
   * the ParleyError that it rejects with, if any.
   */
  handle(command: AppCommand): Promise<void>;
  /** A microphone frame; may come in tens per second. */
  audioFrame(frame: AudioFrame): void;
  /** The client is gone; called once. */
  closed(): void;
}

/** What a transport needs from the app. */
export interface AppEndpoint {
  /**
   * A client has said hello in our contract version and has had its reply: the app sends it the `snapshot` (here, or soon after) and
   * events from then on. A client that says hello again (a reloaded window) is a new connection; the old one is closed first.
   */
  connect(connection: ClientConnection): AppSession;
}
