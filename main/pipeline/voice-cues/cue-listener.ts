import type { SerialisedError } from '../../contract/errors.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Listener, ListenerEvent, UtteranceReading, VoicePart } from '../../ports/listener.ts';
import type { VoiceClaim, VoiceMeasures } from '../../ports/voice-cues.ts';

export interface CueListenerOptions {
  listener: Listener;
  /** Asked when an utterance begins. */
  isOn(): boolean;
  onHeard(heard: { utteranceId: number; text: string; voice: VoiceMeasures | null }): void;
  /** Of an utterance that was heard before. */
  onClaim(utteranceId: number, claim: VoiceClaim): void;
  /** Voices are judged without this from now on. */
  onMissing(part: VoicePart, error: SerialisedError): void;
}

/** The ears, and a word to who judges voices whenever an utterance was read. */
export class CueListener implements Listener {
  readonly #options: CueListenerOptions;

  constructor(options: CueListenerOptions) {
    this.#options = options;
    // Before everybody else, who may begin an answer with these words.
    options.listener.onEvent((event) => {
      if (event.type === 'partial') this.#heard(event);
      if (event.type === 'claim') options.onClaim(event.utteranceId, event.claim);
      if (event.type === 'voice-part-missing') options.onMissing(event.part, event.error);
    });
  }

  push(frames: CaptureFrame[]): void {
    this.#options.listener.push(frames);
  }

  beginUtterance(utteranceId: number, fromSample: number): void {
    this.#options.listener.beginUtterance(utteranceId, fromSample, { measureVoice: this.#options.isOn() });
  }

  async readUtterance(utteranceId: number, toSample: number, options?: CallOptions): Promise<UtteranceReading> {
    const reading = await this.#options.listener.readUtterance(utteranceId, toSample, options);
    this.#heard({ ...reading, utteranceId });
    return reading;
  }

  endUtterance(utteranceId: number): void {
    this.#options.listener.endUtterance(utteranceId);
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    return this.#options.listener.onEvent(listener);
  }

  #heard(heard: { utteranceId: number; text: string; voice?: VoiceMeasures | null }): void {
    const { utteranceId, text, voice } = heard;
    if (voice !== undefined && text !== '' && this.#options.isOn()) this.#options.onHeard({ utteranceId, text, voice });
  }
}
