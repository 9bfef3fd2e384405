/// <reference types="svelte" />
import type { CaptureChainSettings } from '../../main/contract/capture-chain.ts';
import { ParleyError } from '../../main/contract/errors.ts';
import type { AppEvent, Command } from '../../main/contract/messages.ts';
import type { Preferences } from '../../main/contract/preferences.ts';
import type { AppState, Floor, InputMode } from '../../main/contract/state.ts';
import type { VoiceCueSettings } from '../../main/contract/voice-cues.ts';
import type { Connection, ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

/** What the form in the middle shows: the app's floor, or that there is no app to have one. */
export type ShownFloor = Floor | 'disconnected';

export interface ConversationOptions {
  client: ParleyClient;
  notices: Notices;
}

/** The app's state as this window knows it, and what the reader can do about it. */
export class Conversation {
  readonly #client: ParleyClient;
  readonly #notices: Notices;
  #app: AppState | null = $state.raw(null);
  #connection: Connection = $state('connecting');
  /** The key or button is down; sent at once, shown before the app confirms it. */
  #talkHeld = $state(false);
  /** What is typed and not sent yet; kept while another view is shown. */
  draft = $state('');

  readonly floor: ShownFloor = $derived.by(() => {
    if (this.#connection === 'connecting') return 'starting';
    if (this.#connection !== 'connected' || this.#app === null) return 'disconnected';
    return this.#app.floor;
  });

  constructor({ client, notices }: ConversationOptions) {
    this.#client = client;
    this.#notices = notices;
    client.onEvent((event) => this.#receive(event));
    client.onConnection((connection) => this.#connectionChanged(connection));
  }

  get app(): AppState | null {
    return this.#app;
  }

  get connection(): Connection {
    return this.#connection;
  }

  get talkHeld(): boolean {
    return this.#talkHeld || (this.#app?.pushToTalkHeld ?? false);
  }

  /** One press begins a turn, the next ends it. */
  get togglesTalk(): boolean {
    return this.#app?.preferences?.pushToTalk === 'toggle';
  }

  get canAct(): boolean {
    return this.#connection === 'connected' && this.#app !== null;
  }

  /** True when it was sent: an empty text or a lost connection keeps the words in the box. */
  say(text: string): boolean {
    const trimmed = text.trim();
    if (trimmed === '' || !this.canAct) return false;
    this.#do({ type: 'say', text: trimmed });
    return true;
  }

  stop(): void {
    this.#do({ type: 'stop' });
  }

  setMuted(muted: boolean): void {
    this.#do({ type: 'set-muted', muted });
  }

  setInputMode(inputMode: InputMode): void {
    this.#holdToTalk(false);
    this.#do({ type: 'set-input-mode', inputMode });
  }

  /** The talk key or button goes down: the turn begins, or ends where each press is one half of it. */
  pressToTalk(): void {
    this.#holdToTalk(!(this.togglesTalk && this.talkHeld));
  }

  /** It goes up, or can no longer be seen to. */
  releaseTalk(): void {
    if (!this.togglesTalk) this.#holdToTalk(false);
  }

  #holdToTalk(held: boolean): void {
    const { inputMode, muted } = this.#app ?? {};
    const mayTalk = this.canAct && inputMode === 'push-to-talk' && !muted;
    if (held === this.talkHeld || (held && !mayTalk)) return;
    this.#talkHeld = held;
    this.#do({ type: 'push-to-talk', held });
  }

  setArchitecture(architectureId: string): void {
    this.#do({ type: 'set-architecture', architectureId });
  }

  setVoiceCues(settings: Partial<VoiceCueSettings>): void {
    this.#do({ type: 'set-voice-cues', settings });
  }

  forgetVoice(): void {
    this.#do({ type: 'forget-voice-baselines' });
  }

  setPreferences(preferences: Partial<Preferences>): void {
    this.#do({ type: 'set-preferences', preferences });
  }

  setCaptureChain(settings: CaptureChainSettings): void {
    this.#do({ type: 'set-capture-chain', settings });
  }

  testRoom(): void {
    this.#do({ type: 'test-room' });
  }

  chooseDevice(kind: 'input' | 'output', deviceId: string): void {
    this.#do({ type: 'choose-device', kind, deviceId });
  }

  refreshDevices(): void {
    this.#do({ type: 'refresh-devices' });
  }

  dismissProblem(id: string): void {
    this.#do({ type: 'dismiss-problem', id });
  }

  startOver(): void {
    this.#do({ type: 'new-conversation' });
  }

  retryConnection(): void {
    this.#client.retryNow();
  }

  #receive(event: AppEvent): void {
    if (event.type !== 'state' && event.type !== 'snapshot') return;
    // Let go elsewhere: by mute, or by a key outside of this window.
    if (this.#app?.pushToTalkHeld && !event.state.pushToTalkHeld) this.#talkHeld = false;
    this.#app = event.state;
  }

  #connectionChanged(connection: Connection): void {
    this.#connection = connection;
    if (connection !== 'connected') this.#talkHeld = false;
  }

  #do(command: Command): void {
    this.#client.command(command).catch((cause) => {
      const error = ParleyError.from(cause, 'transport');
      // Cancelled: the connection went away, which the window shows by itself.
      if (error.code !== 'cancelled') this.#notices.addError(command.type, error);
    });
  }
}
