import type { AudioFrame } from '../../main/contract/audio-frame.ts';
import type { AppState, UserLine } from '../../main/contract/state.ts';
import { deferred, type Deferred } from '../../main/lib/deferred.ts';
import type { AppCommand, AppEndpoint, AppSession, ClientConnection } from '../../main/transport/app-endpoint.ts';

export interface FakeSession {
  connection: ClientConnection;
  frames: AudioFrame[];
  /** How often the app was told that the client has gone. */
  closed: number;
}

/** An app that does nothing but note what it was asked, and send a snapshot to whoever connects. */
export class FakeApp implements AppEndpoint {
  readonly sessions: FakeSession[] = [];
  readonly commands: AppCommand[] = [];
  readonly #held = new Map<string, Deferred<void>>();
  #nextFailure: Error | undefined;
  #waiting: { isMet: () => boolean; resolve: () => void }[] = [];

  connect(connection: ClientConnection): AppSession {
    const session: FakeSession = { connection, frames: [], closed: 0 };
    this.sessions.push(session);
    connection.send({ type: 'snapshot', state: this.state(), lines: [] });
    return {
      handle: (command) => this.#handle(command),
      audioFrame: (frame) => void session.frames.push(frame),
      closed: () => {
        session.closed++;
        this.#changed();
      },
    };
  }

  /** Commands of this type do not settle until they are released. */
  hold(type: AppCommand['type']): void {
    this.#held.set(type, deferred());
  }

  release(type: AppCommand['type']): void {
    this.#held.get(type)?.resolve();
    this.#held.delete(type);
  }

  failNext(error: Error): void {
    this.#nextFailure = error;
  }

  whenCommands(count: number): Promise<void> {
    return this.#when(() => this.commands.length >= count);
  }

  whenClosed(index: number): Promise<void> {
    return this.#when(() => (this.sessions[index]?.closed ?? 0) > 0);
  }

  state(): AppState {
    return {
      floor: 'listening',
      inputMode: 'hands-free',
      muted: false,
      pushToTalkHeld: false,
      children: [],
      audio: { driver: 'none', microphone: 'off', devices: [], inputId: null, outputId: null },
      engines: { asr: null, llm: null, tts: null },
      problems: [],
    };
  }

  line(id: string, text: string): UserLine {
    const at = '2030-01-01T00:00:00.000Z';
    return { role: 'user', id, turnId: id, at, status: 'partial', text, stableChars: 0, source: 'voice' };
  }

  async #handle(command: AppCommand): Promise<void> {
    this.commands.push(command);
    const failure = this.#nextFailure;
    this.#nextFailure = undefined;
    this.#changed();
    await this.#held.get(command.type)?.promise;
    if (failure) throw failure;
  }

  #when(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isMet, resolve }));
  }

  #changed(): void {
    for (const waiting of this.#waiting.filter(({ isMet }) => isMet())) waiting.resolve();
  }
}
