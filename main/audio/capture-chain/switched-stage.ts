import { CAPTURE_FRAME_SAMPLES } from '../../contract/audio-format.ts';

/**
 * A stage that costs too much to run all the time and puts out its sound some samples late. It is switched by a cross-fade of one
 * frame, so that neither the change nor the jump in time is heard as a click; while it is off it costs nothing.
 */
export class SwitchedStage {
  readonly #work: (frame: Float32Array) => void;
  readonly #primingFrames: number;
  readonly #spare = new Float32Array(CAPTURE_FRAME_SAMPLES);
  #isOn = false;
  #primedFrames = 0;

  /** `work` changes a frame in place, `delaySamples` late. What it holds back is old when it was off: that is let out unheard. */
  constructor(options: { work: (frame: Float32Array) => void; delaySamples: number }) {
    this.#work = options.work;
    this.#primingFrames = Math.ceil(options.delaySamples / CAPTURE_FRAME_SAMPLES);
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** One frame, in place. The change that `wanted` asks for begins with this frame. */
  process(frame: Float32Array, wanted: boolean): void {
    if (!this.#isOn && !wanted) return;
    if (this.#isOn && wanted && this.#primedFrames > this.#primingFrames) return this.#work(frame);
    const plain = this.#spare;
    plain.set(frame);
    this.#work(frame);
    if (!wanted) {
      if (this.#primedFrames > this.#primingFrames) crossFade(frame, plain);
      else frame.set(plain);
      this.#isOn = false;
      this.#primedFrames = 0;
      return;
    }
    this.#isOn = true;
    if (this.#primedFrames++ < this.#primingFrames) return frame.set(plain);
    crossFade(plain, frame);
    frame.set(plain);
  }
}

/** `from` becomes `to` in the course of the frame, in place. */
function crossFade(from: Float32Array, to: Float32Array): void {
  for (let i = 0; i < from.length; i++) {
    const share = (i + 1) / from.length;
    from[i] = from[i]! * (1 - share) + to[i]! * share;
  }
}
