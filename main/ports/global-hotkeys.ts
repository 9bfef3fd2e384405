import type { GlobalKey, GlobalKeysState } from '../contract/preferences.ts';

export type HotkeyName = keyof GlobalKeysState;

export interface HotkeyWishes {
  talk: GlobalKey | null;
  mute: GlobalKey | null;
  /** The talk key's going up is wanted too. */
  hold: boolean;
}

/** `pressed`: it went down, and its going up will not be told. */
export interface HotkeyEvent {
  name: HotkeyName;
  type: 'down' | 'up' | 'pressed';
}

/** Keys that reach Parley while another program is in front. */
export interface GlobalHotkeys {
  /** Follows these keys and no others, as well as can be; resolves with how well. Never rejects. */
  follow(wishes: HotkeyWishes): Promise<GlobalKeysState>;
  /** Also when it changes by itself: what told of the key's going up was lost. */
  onState(listener: (state: GlobalKeysState) => void): void;
  onEvent(listener: (event: HotkeyEvent) => void): void;
  /** Gives the keys back. */
  close(): Promise<void>;
}
