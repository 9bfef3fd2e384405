import { ParleyError } from '../contract/errors.ts';
import type { AudioDevice } from '../contract/state.ts';
import type { AudioBus, AudioBusEvents } from '../ports/audio-devices.ts';
import { FinishedAnswers } from './finished-answers.ts';

/** No sound at all: hears nothing, and everything that is played ends unheard. For typed conversations without devices. */
export class SilentBus implements AudioBus {
  readonly #events: AudioBusEvents;
  readonly #finished = new FinishedAnswers();

  constructor(options: { events: AudioBusEvents }) {
    this.#events = options.events;
  }

  list(): Promise<AudioDevice[]> {
    return Promise.resolve([]);
  }

  open(selection: { inputId: string | null; outputId: string | null }): Promise<void> {
    const id = selection.inputId ?? selection.outputId;
    if (id !== null) return Promise.reject(new ParleyError({ code: 'unknown-device', stage: 'audio', detail: id }));
    this.#events.onMicrophone('off');
    return Promise.resolve();
  }

  play(): Promise<void> {
    return Promise.resolve();
  }

  endAnswer(answerNumber: number): void {
    if (this.#finished.has(answerNumber)) return;
    this.#finished.add(answerNumber, 0);
    this.#events.onPlayback({ answerNumber, playedSamples: 0, ended: true });
  }

  stopAnswer(answerNumber: number): Promise<number> {
    this.endAnswer(answerNumber);
    return Promise.resolve(0);
  }

  setHeld(): void {}

  setGain(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}
