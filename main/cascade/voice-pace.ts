import type { CallOptions } from '../ports/call-options.ts';
import type { SpeechRequest, Tts } from '../ports/tts.ts';

const SLOWEST = 0.7;
const FASTEST = 1.4;
const STEP = 0.15;

/** A voice whose pace the user can change while it speaks: what is synthesised from then on has it. */
export class PacedVoice implements Tts {
  readonly #voice: Tts;
  #speed = 1;
  #answerPace = 1;
  #onChange: (speed: number) => void = () => {};

  constructor(voice: Tts) {
    this.#voice = voice;
  }

  get sampleRateHz(): number {
    return this.#voice.sampleRateHz;
  }

  /** 1 is the voice's own pace; kept between 0.7 and 1.4, where it stays easy to follow. */
  get speed(): number {
    return this.#speed;
  }

  setSpeed(speed: number): void {
    this.#speed = Math.round(Math.min(FASTEST, Math.max(SLOWEST, speed)) * 100) / 100;
    this.#onChange(this.#speed);
  }

  /** What the answer that is being made differs by from the user's own pace; 1 when it does not. Audio that was rendered ahead keeps its pace. */
  setAnswerPace(factor: number): void {
    this.#answerPace = factor;
  }

  /** A step up (+1) or down (−1), as a person would ask for it. */
  stepFrom(speed: number, direction: 1 | -1): number {
    return Math.min(FASTEST, Math.max(SLOWEST, Math.round((speed + direction * STEP) * 100) / 100));
  }

  onChange(listener: (speed: number) => void): void {
    this.#onChange = listener;
  }

  synthesize(request: SpeechRequest, options?: CallOptions): AsyncIterable<Float32Array> {
    return this.#voice.synthesize({ speed: this.#speed * this.#answerPace, ...request }, options);
  }

  close(): Promise<void> {
    return this.#voice.close();
  }
}
