import type { CaptureFrame } from '../ports/audio-devices.ts';
import type { Listener, ListenerEvent } from '../ports/listener.ts';

/** Two windows of voice open an utterance, as in the cascade. */
const OPENING_WINDOWS = 2;
const VOICE_PROBABILITY = 0.5;
const SAMPLES_PER_MS = 16;
/** What is said before the detector is sure. */
const PRE_ROLL_SAMPLES = 300 * SAMPLES_PER_MS;
/** Nobody waits for it: a pause within a sentence need not cut it. */
const ENDING_SAMPLES = 700 * SAMPLES_PER_MS;
/** The listener keeps 30 s. */
const LONGEST_SAMPLES = 25_000 * SAMPLES_PER_MS;

export interface SideTranscriptOptions {
  listener: Listener;
  /** The words of a stretch of speech, when it is over. */
  onText(text: string): void;
}

/** Writes down the user's side of a conversation that somebody else listens to, with the recogniser of this machine. */
export class SideTranscript {
  readonly #options: SideTranscriptOptions;
  readonly #stopListening: () => void;
  #voiceWindows = 0;
  #open: { id: number; fromSample: number; lastVoiceSample: number } | null = null;
  #nextId = 1;
  #isClosed = false;

  constructor(options: SideTranscriptOptions) {
    this.#options = options;
    this.#stopListening = options.listener.onEvent((event) => this.#onEvent(event));
  }

  push(frames: CaptureFrame[]): void {
    this.#options.listener.push(frames);
  }

  /** Of what is open, nothing more is told. */
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    if (this.#open) this.#options.listener.endUtterance(this.#open.id);
    this.#open = null;
  }

  #onEvent(event: ListenerEvent): void {
    if (event.type !== 'vad') return;
    const { endSample } = event;
    const isVoice = event.probability >= VOICE_PROBABILITY;
    this.#voiceWindows = isVoice ? this.#voiceWindows + 1 : 0;
    if (!this.#open) {
      if (this.#voiceWindows < OPENING_WINDOWS) return;
      const fromSample = Math.max(0, endSample - PRE_ROLL_SAMPLES);
      this.#open = { id: this.#nextId++, fromSample, lastVoiceSample: endSample };
      return this.#options.listener.beginUtterance(this.#open.id, fromSample);
    }
    if (isVoice) this.#open.lastVoiceSample = endSample;
    const isOver = endSample - this.#open.lastVoiceSample >= ENDING_SAMPLES;
    if (isOver || endSample - this.#open.fromSample >= LONGEST_SAMPLES) void this.#read(this.#open, endSample);
  }

  async #read({ id }: { id: number }, toSample: number): Promise<void> {
    this.#open = null;
    const { listener, onText } = this.#options;
    try {
      const { text } = await listener.readUtterance(id, toSample);
      if (!this.#isClosed && text !== '') onText(text);
    } catch {
      // A transcript on the side: the conversation does without it.
    } finally {
      listener.endUtterance(id);
    }
  }
}
