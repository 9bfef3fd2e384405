import type { AppActions } from './client-sessions.ts';
import { AppRoomTest } from './app-room-test.ts';
import { preferencesSchema, type Preferences } from './contract/preferences.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { Conversation } from './pipeline/conversation.ts';
import type { GateReason, MicrophoneGate } from './pipeline/microphone-gate.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { AudioBus } from './ports/audio-devices.ts';
import type { Clock } from './ports/clock.ts';
import type { GlobalHotkeys, HotkeyEvent } from './ports/global-hotkeys.ts';
import type { Logger } from './ports/logger.ts';

export interface AppModesOptions {
  store: AppStateStore;
  settings: SettingsStore;
  clock: Clock;
  logger: Logger;
  bus: AudioBus;
  conversation: Conversation;
  gate: MicrophoneGate;
  /** What Parley is called by has changed, or whether it must be called. */
  onPhrase(): void;
  /** Absent where there are none: in a browser. */
  globalHotkeys?: GlobalHotkeys;
}

type ModeActions = Pick<
  AppActions,
  'setInputMode' | 'setMuted' | 'setPushToTalk' | 'setPreferences' | 'testRoom' | 'newConversation'
>;

/** When the user is listened to: the mode, mute, the talk key in the window and outside of it, and what is preferred about all that. */
export class AppModes {
  readonly #options: AppModesOptions;
  readonly #roomTest: AppRoomTest;

  constructor(options: AppModesOptions) {
    const { store, settings, globalHotkeys } = options;
    this.#options = options;
    this.#roomTest = new AppRoomTest({ ...options, setDeaf: (deaf) => this.#setGate('room-test', deaf) });
    store.update({ preferences: preferencesOf(settings) });
    globalHotkeys?.onEvent((event) => this.#onHotkey(event));
    globalHotkeys?.onState((globalKeys) => store.update({ globalKeys }));
    void this.#followKeys();
  }

  readonly actions: ModeActions = {
    setInputMode: async (inputMode) => {
      const { store, conversation, settings, onPhrase } = this.#options;
      store.update({ inputMode, pushToTalkHeld: false });
      conversation.setInputMode(inputMode);
      onPhrase();
      await settings.update({ inputMode });
    },
    setMuted: (muted) => {
      // A key that was held, or toggled on, must not be taken for held when the microphone is open again.
      if (muted) this.actions.setPushToTalk(false);
      this.#setGate('muted', muted);
      this.#options.store.update({ muted });
    },
    setPushToTalk: (held) => {
      const { store, conversation } = this.#options;
      const { inputMode, muted, pushToTalkHeld } = store.state;
      if (inputMode !== 'push-to-talk' || (held && muted) || held === pushToTalkHeld) return;
      store.update({ pushToTalkHeld: held });
      conversation.pushToTalk(held);
    },
    setPreferences: async (patch) => {
      const { store, settings, onPhrase } = this.#options;
      const saved = settings.update(patch);
      const before = store.state.preferences;
      store.update({ preferences: preferencesOf(settings) });
      const { globalTalkKey, globalMuteKey, pushToTalk } = store.state.preferences!;
      const keysChanged = before?.globalTalkKey !== globalTalkKey || before?.globalMuteKey !== globalMuteKey;
      if (before?.pushToTalk !== pushToTalk) this.actions.setPushToTalk(false);
      if (keysChanged || before?.pushToTalk !== pushToTalk) await this.#followKeys();
      if (before?.wakePhrase !== settings.current.wakePhrase) onPhrase();
      await saved;
    },
    testRoom: () => this.#roomTest.begin(),
    newConversation: () => this.#options.conversation.begin(),
  };

  /** The conversation is silent and hears nothing until it may go on. */
  pauseForEvaluation(paused: boolean): void {
    const { store, conversation } = this.#options;
    if (paused) {
      this.actions.setPushToTalk(false);
      conversation.stop();
    }
    this.#setGate('evaluation', paused);
    store.update({ pausedFor: paused ? 'evaluation' : null });
  }

  async close(): Promise<void> {
    await this.#options.globalHotkeys?.close();
  }

  #setGate(reason: GateReason, closed: boolean): void {
    const { gate, conversation } = this.#options;
    gate.set(reason, closed);
    conversation.setMuted(gate.isClosed);
  }

  async #followKeys(): Promise<void> {
    const { globalHotkeys, store, settings } = this.#options;
    if (!globalHotkeys) return;
    const { globalTalkKey: talk, globalMuteKey: mute, pushToTalk } = settings.current;
    const globalKeys = await globalHotkeys.follow({ talk, mute, hold: pushToTalk === 'hold' });
    store.update({ globalKeys });
  }

  #onHotkey({ name, type }: HotkeyEvent): void {
    const { store, settings } = this.#options;
    const { muted, pushToTalkHeld } = store.state;
    if (name === 'mute') {
      if (type !== 'up') this.actions.setMuted(!muted);
    } else if (type === 'pressed' || settings.current.pushToTalk === 'toggle') {
      if (type !== 'up') this.actions.setPushToTalk(!pushToTalkHeld);
    } else this.actions.setPushToTalk(type === 'down');
  }
}

function preferencesOf(settings: SettingsStore): Preferences {
  return preferencesSchema.parse(settings.current);
}
