import type { InputMode } from '../contract/state.ts';

export interface VoiceChoice {
  id: string;
  label: string;
}

/** What a user may change of the program by asking it to. All takes effect at once, except another voice: that one begins after the turn. */
export interface AppControls {
  /** 0 … 100 */
  volumePercent(): number;
  setVolume(percent: number): void;
  /** Those that are installed, in the order of the catalogue; `current` is the id of the one that speaks. */
  voices(): { choices: readonly VoiceChoice[]; current: string | null };
  useVoice(id: string): void;
  inputMode(): InputMode;
  setInputMode(mode: InputMode): void;
  isMuted(): boolean;
  setMuted(muted: boolean): void;
  /** Full names of the tools that the model may call just now. */
  connectedTools(): readonly string[];
}
