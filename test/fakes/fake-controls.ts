import type { InputMode } from '../../main/contract/state.ts';
import type { AppControls, VoiceChoice } from '../../main/ports/app-controls.ts';

/** A program that can be told what to do, and keeps it. */
export class FakeControls implements AppControls {
  percent = 100;
  mode: InputMode = 'hands-free';
  muted = false;
  choices: VoiceChoice[] = [
    { id: 'heart', label: 'Hibari, voice Heart' },
    { id: 'joe', label: 'Piper, voice Joe' },
  ];
  voice: string | null = 'heart';
  tools: string[] = [];

  volumePercent(): number {
    return this.percent;
  }
  setVolume(percent: number): void {
    this.percent = percent;
  }
  voices(): ReturnType<AppControls['voices']> {
    return { choices: this.choices, current: this.voice };
  }
  useVoice(id: string): void {
    this.voice = id;
  }
  inputMode(): InputMode {
    return this.mode;
  }
  setInputMode(mode: InputMode): void {
    this.mode = mode;
  }
  isMuted(): boolean {
    return this.muted;
  }
  setMuted(muted: boolean): void {
    this.muted = muted;
  }
  connectedTools(): readonly string[] {
    return this.tools;
  }
}
