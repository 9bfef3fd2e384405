import type { ArchitectureKind } from '../../main/contract/architecture.ts';
import type { InputMode } from '../../main/contract/state.ts';
import { deferred } from '../../main/lib/deferred.ts';
import type { CaptureFrame, PlaybackProgress } from '../../main/ports/audio-devices.ts';
import type { PastExchange } from '../../main/ports/responder.ts';
import type { SessionOptions, VoiceArchitecture, VoiceSession } from '../../main/ports/voice-architecture.ts';

/** An architecture whose sessions do what the test says. */
export class FakeArchitecture implements VoiceArchitecture {
  readonly label: string;
  readonly kind: ArchitectureKind;
  readonly capabilities = {
    ownTurnDetection: true,
    truncation: true,
    tools: false,
    customVoice: false,
    lineByLineTranscript: true,
    offline: true,
  };
  unavailable: string | null = null;
  sessions: FakeSession[] = [];
  /** The next session is not open before this resolves; when it rejects there is none. */
  opening: Promise<void> = Promise.resolve();
  readonly id: string;

  constructor(id: string, { kind = 'cascade' as ArchitectureKind } = {}) {
    this.id = id;
    this.kind = kind;
    this.label = id;
  }

  async open(options: SessionOptions): Promise<VoiceSession> {
    await this.opening;
    const session = new FakeSession(options);
    this.sessions.push(session);
    return session;
  }

  get session(): FakeSession {
    return this.sessions.at(-1)!;
  }
}

export class FakeSession implements VoiceSession {
  readonly options: SessionOptions;
  readonly pushed: CaptureFrame[] = [];
  readonly said: string[] = [];
  history: PastExchange[];
  stops = 0;
  isMuted = false;
  isHeld = false;
  inputMode: InputMode;
  isClosed = false;
  /** close() waits for it: what is being said has to be silenced first. */
  closing = deferred<void>();

  constructor(options: SessionOptions) {
    this.options = options;
    this.history = [...options.history];
    this.inputMode = options.inputMode;
    this.closing.resolve();
  }

  push(frames: CaptureFrame[]): void {
    this.pushed.push(...frames);
  }

  playback(_progress: PlaybackProgress): void {}

  say(text: string): void {
    this.said.push(text);
  }

  announce(): void {}
  stop(): void {
    this.stops++;
  }

  setInputMode(mode: InputMode): void {
    this.inputMode = mode;
  }

  setMuted(muted: boolean): void {
    this.isMuted = muted;
  }

  pushToTalk(held: boolean): void {
    this.isHeld = held;
  }

  listenerLost(): void {}

  async close(): Promise<void> {
    this.isClosed = true;
    await this.closing.promise;
  }
}
