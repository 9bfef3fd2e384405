import type { WakeState } from '../contract/preferences.ts';
import type { Floor } from '../contract/state.ts';
import { matchWakePhrase } from '../domain/wake/wake-phrase.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { CaptureFrame } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../ports/listener.ts';

/** After an answer, the user may go on for so long without calling again. */
const STAYS_AWAKE_MS = 8000;

export interface WakeGateOptions {
  listener: Listener;
  clock: Clock;
  /** The phrase, or null while none is needed. Asked at every utterance. */
  phrase(): string | null;
  onState(state: WakeState | null): void;
}

/**
 * Between the ears and whoever takes turns: while asleep, an utterance has no words unless it begins with the wake phrase. The words of
 * others are then a noise to everybody behind this, are shown nowhere and kept nowhere. The phrase itself is cut off; alone, it stays,
 * to be answered. Awake is who was called, thinks, speaks, or has spoken less than 8 s ago.
 */
export class WakeGate implements Listener {
  readonly #options: WakeGateOptions;
  readonly #listeners = new Set<(event: ListenerEvent) => void>();
  #floor: Floor = 'listening';
  #utterance: { id: number; phrase: string | null; isAddressed: boolean } | null = null;
  #isInWindow = false;
  #cancelWindow = (): void => {};
  #state: WakeState | null = null;

  constructor(options: WakeGateOptions) {
    this.#options = options;
    options.listener.onEvent((event) => this.#onEvent(event));
    this.#show();
  }

  push(frames: CaptureFrame[]): void {
    this.#options.listener.push(frames);
  }

  beginUtterance(utteranceId: number, fromSample: number, options?: { measureVoice?: boolean }): void {
    const phrase = this.#options.phrase();
    this.#utterance = { id: utteranceId, phrase, isAddressed: phrase === null || this.#isAwake };
    this.#options.listener.beginUtterance(utteranceId, fromSample, options);
  }

  async readUtterance(utteranceId: number, toSample: number, options?: CallOptions): Promise<UtteranceReading> {
    const reading = await this.#options.listener.readUtterance(utteranceId, toSample, options);
    return { ...reading, text: this.#addressed(utteranceId, reading.text) };
  }

  endUtterance(utteranceId: number): void {
    if (this.#utterance?.id === utteranceId) this.#utterance = null;
    this.#options.listener.endUtterance(utteranceId);
    this.#show();
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whoever was just answered, or has been called, need not call again for a while. */
  floorChanged(floor: Floor): void {
    const wasAnswering = isAnswering(this.#floor);
    this.#floor = floor;
    if (wasAnswering && !isAnswering(floor)) this.#openWindow();
    this.#show();
  }

  /** The mode or the phrase is another one. */
  phraseChanged(): void {
    this.#closeWindow();
    this.#show();
  }

  close(): void {
    this.#cancelWindow();
  }

  get #isAwake(): boolean {
    return isAnswering(this.#floor) || this.#isInWindow;
  }

  #onEvent(event: ListenerEvent): void {
    if (event.type === 'partial' && this.#utterance?.phrase != null) {
      const text = this.#addressed(event.utteranceId, event.text);
      // The phrase may still grow into the words after it: nothing of it is settled.
      const stableChars = text === event.text ? event.stableChars : 0;
      event = { ...event, text, stableChars };
    }
    for (const listener of this.#listeners) listener(event);
  }

  /** What of the words is meant for us. */
  #addressed(utteranceId: number, text: string): string {
    const utterance = this.#utterance;
    if (utterance?.id !== utteranceId || utterance.phrase === null) return text;
    const match = matchWakePhrase(text, utterance.phrase);
    if (match.type === 'called') {
      utterance.isAddressed = true;
      this.#show();
      return match.rest === '' ? text : match.rest;
    }
    return utterance.isAddressed ? text : '';
  }

  #openWindow(): void {
    this.#cancelWindow();
    this.#isInWindow = true;
    this.#cancelWindow = this.#options.clock.schedule(STAYS_AWAKE_MS, () => {
      this.#isInWindow = false;
      this.#show();
    });
  }

  #closeWindow(): void {
    this.#cancelWindow();
    this.#isInWindow = false;
  }

  #show(): void {
    const isHearing = this.#utterance?.isAddressed ?? false;
    const awake = this.#isAwake || isHearing ? 'awake' : 'asleep';
    const state = this.#options.phrase() === null ? null : awake;
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

function isAnswering(floor: Floor): boolean {
  return floor === 'thinking' || floor === 'speaking';
}
