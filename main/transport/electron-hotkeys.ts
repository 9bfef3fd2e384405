import { KeyWatch, type KeyWatchOptions } from '../children/key-watch.ts';
import type { WatchedKey } from '../children/key-watch-messages.ts';
import type { GlobalKey, GlobalKeysState, GlobalKeyState } from '../contract/preferences.ts';
import type { Clock } from '../ports/clock.ts';
import type { GlobalHotkeys, HotkeyEvent, HotkeyName, HotkeyWishes } from '../ports/global-hotkeys.ts';

/** The part of Electron's globalShortcut that is used here. */
export interface ShortcutsLike {
  /** False when another program has the keys. */
  register(accelerator: string, callback: () => void): boolean;
  unregister(accelerator: string): void;
}

export interface ElectronHotkeysOptions extends Omit<KeyWatchOptions, 'onKey' | 'onLost'> {
  shortcuts: ShortcutsLike;
  clock: Clock;
  platform: NodeJS.Platform;
  /** XDG_SESSION_TYPE */
  sessionType: string | undefined;
}

/** Keys that are held repeat, after 660 ms at first where nobody has changed it (X11), then all the time. */
const REPEAT_MS = 700;

/**
 * Keys outside the window. Electron takes them for us, so that nobody else gets them, and tells when they go down; the keys child tells
 * when the talk key goes up. Where it cannot, each press of the key is one half of a turn.
 */
export class ElectronHotkeys implements GlobalHotkeys {
  readonly #options: ElectronHotkeysOptions;
  readonly #watch: KeyWatch;
  readonly #pressedAtMs = new Map<HotkeyName, number>();
  #onEvent: (event: HotkeyEvent) => void = () => {};
  #onState: (state: GlobalKeysState) => void = () => {};
  #registered: GlobalKey[] = [];
  #state: GlobalKeysState = { talk: { works: 'off' }, mute: { works: 'off' } };

  constructor(options: ElectronHotkeysOptions) {
    this.#options = options;
    this.#watch = new KeyWatch({
      ...options,
      onKey: (type) => this.#followed(type),
      onLost: () => {
        this.#state = { ...this.#state, talk: { works: 'toggle', because: 'not-available' } };
        this.#onState(this.#state);
      },
    });
  }

  async follow({ talk, mute, hold }: HotkeyWishes): Promise<GlobalKeysState> {
    this.#giveBack();
    const mutes = this.#take('mute', mute);
    const talks = this.#take('talk', talk);
    this.#state = { mute: mutes, talk: talks };
    if (talk === null || talks.works === 'no' || !hold) {
      this.#watch.close();
      return this.#state;
    }
    const canHold = this.#options.sessionType !== 'wayland' && (await this.#watch.watch(mainKey(talk)));
    this.#state = { mute: mutes, talk: canHold ? { works: 'hold' } : { works: 'toggle', because: this.#whyNot() } };
    return this.#state;
  }

  onEvent(listener: (event: HotkeyEvent) => void): void {
    this.#onEvent = listener;
  }

  onState(listener: (state: GlobalKeysState) => void): void {
    this.#onState = listener;
  }

  async close(): Promise<void> {
    this.#giveBack();
    this.#watch.close();
  }

  #take(name: HotkeyName, key: GlobalKey | null): GlobalKeyState {
    if (key === null) return { works: 'off' };
    if (!this.#options.shortcuts.register(key, () => this.#pressed(name))) return { works: 'no', because: 'taken' };
    this.#registered.push(key);
    return { works: 'toggle', because: 'wanted' };
  }

  #pressed(name: HotkeyName): void {
    const nowMs = this.#options.clock.nowMs();
    const beforeMs = this.#pressedAtMs.get(name) ?? -Infinity;
    this.#pressedAtMs.set(name, nowMs);
    if (name === 'talk' && this.#state.talk.works === 'hold') this.#onEvent({ name, type: 'down' });
    else if (nowMs - beforeMs > REPEAT_MS) this.#onEvent({ name, type: 'pressed' });
  }

  /** Its going down is Electron's to tell: only with its Control and Alt is the key meant for us. */
  #followed(type: 'down' | 'up'): void {
    if (type === 'up') this.#onEvent({ name: 'talk', type });
  }

  #whyNot(): 'wayland' | 'not-permitted' | 'not-available' {
    if (this.#options.sessionType === 'wayland') return 'wayland';
    return this.#options.platform === 'darwin' ? 'not-permitted' : 'not-available';
  }

  #giveBack(): void {
    for (const key of this.#registered.splice(0)) this.#options.shortcuts.unregister(key);
  }
}

function mainKey(key: GlobalKey): WatchedKey {
  return key.split('+').at(-1) as WatchedKey;
}
