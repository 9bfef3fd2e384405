import { CAPTURE_FRAME_SAMPLES, CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';
import { ECHO_CANCELLER_DELAY_SAMPLES, type EchoCanceller } from './echo-canceller.ts';
import { EchoMeter, type EchoWindow } from './echo-meter.ts';
import { EchoPresence } from './echo-presence.ts';
import type { FarEnd } from './far-end.ts';
import { energyOf, powerToDbfs } from './room-levels.ts';
import { SwitchedStage } from './switched-stage.ts';

/**
 * How far behind the newest sample of the loudspeaker its sound is read. What is handed over is heard 50 to 120 ms later, and comes
 * back through the microphone 20 ms after that: with 40 ms the canceller sees the sound before its echo whatever the device does,
 * and blocks of 10 ms that come late are still there in time.
 */
const LEAD_SAMPLES = 0.04 * CAPTURE_RATE_HZ;
/** Further behind than this the streams have slipped (a device that was held up): beyond what the canceller looks for. */
const MAX_LEAD_SAMPLES = 0.4 * CAPTURE_RATE_HZ;
/** Frames whose sound is missing, of which every fourth good one makes up for one. */
const MISSES_TO_ALIGN = 6;
const MISS_RECOVERY = 0.25;
/** A room's echo dies away, and what was handed over is played out. */
const TAIL_SAMPLES = 0.5 * CAPTURE_RATE_HZ;
/** The change back waits so long for a pause of whoever speaks into it. */
const MAX_EXTRA_TAIL_SAMPLES = 3 * CAPTURE_RATE_HZ;
const PAUSE_ABOVE_FLOOR_DB = 6;

/** Finds the loudspeaker's sound that belongs to a frame of the microphone, and takes its echo away while there can be any. */
export class EchoStage {
  readonly #farEnd: FarEnd;
  readonly #canceller: EchoCanceller | undefined;
  readonly #stage: SwitchedStage;
  readonly #meter = new EchoMeter();
  readonly #presence = new EchoPresence();
  readonly #far = new Float32Array(CAPTURE_FRAME_SAMPLES);
  #nearSamples = 0;
  /** Index of the loudspeaker's sample minus the index of the microphone's that it is handed to the canceller with. */
  #offset = -Infinity;
  #misses = 0;
  #isPlaying = false;
  #isSlipping = false;

  constructor(options: { farEnd: FarEnd; canceller: EchoCanceller | undefined }) {
    this.#farEnd = options.farEnd;
    this.#canceller = options.canceller;
    this.#stage = new SwitchedStage({
      work: (frame) => this.#canceller?.process(this.#far, frame),
      delaySamples: ECHO_CANCELLER_DELAY_SAMPLES,
    });
  }

  /** The loudspeaker's sound, or its echo, may be in the frame that was processed last. */
  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get isCancelling(): boolean {
    return this.#stage.isOn;
  }

  /** The microphone is known not to hear the loudspeaker. */
  get isEchoAbsent(): boolean {
    return this.#presence.isAbsent;
  }

  /** Another loudspeaker or microphone: whether there is an echo is not known. */
  forgetEcho(): void {
    this.#presence.forget();
  }

  /** The loudspeaker's sound for the last frame was not there: the canceller may lose the echo. */
  get isSlipping(): boolean {
    return this.#isSlipping;
  }

  /** The loudspeaker's frame that belongs to the one processed last. */
  get farFrame(): Float32Array {
    return this.#far;
  }

  /** One frame, in place. Returns what a second of echo has shown, when one is over. */
  process(frame: Float32Array, options: { isEnabled: boolean; noiseFloorDbfs: number }): EchoWindow | undefined {
    const fromSample = this.#align();
    const sinceSound = fromSample - this.#farEnd.soundEndSample;
    this.#isPlaying = sinceSound < TAIL_SAMPLES;
    if (!this.#isPlaying && !this.#stage.isOn) {
      this.#far.fill(0);
      return undefined;
    }
    this.#farEnd.read(fromSample, this.#far);
    const near = energyOf(frame);
    const isPause = powerToDbfs(near / frame.length) < options.noiseFloorDbfs + PAUSE_ABOVE_FLOOR_DB;
    const isTail = this.#stage.isOn && !isPause && sinceSound < TAIL_SAMPLES + MAX_EXTRA_TAIL_SAMPLES;
    const far = energyOf(this.#far);
    if (this.#isPlaying) this.#presence.hear({ far, near, noiseFloorDbfs: options.noiseFloorDbfs });
    const isCancelled = options.isEnabled && this.#canceller !== undefined && !this.#presence.isAbsent;
    this.#stage.process(frame, isCancelled && (this.#isPlaying || isTail));
    if (!this.#isPlaying) return undefined;
    const window = this.#meter.add({ far, near, residual: energyOf(frame) });
    if (window) this.#presence.learn(window, options.noiseFloorDbfs);
    return window;
  }

  close(): void {
    this.#canceller?.close();
  }

  /**
   * Samples are counted on both sides and devices keep the distance between them, so the place found once stays right from answer
   * to answer, and the canceller need not learn the room anew (2 s in which the echo is heard). A thread that was held up for some
   * frames moves nothing; only sound that is missing again and again shows that the streams have slipped.
   */
  #align(): number {
    const fromSample = this.#nearSamples + this.#offset;
    this.#nearSamples += CAPTURE_FRAME_SAMPLES;
    const lead = this.#farEnd.endSample - fromSample - CAPTURE_FRAME_SAMPLES;
    const isThere = lead >= 0 && lead <= MAX_LEAD_SAMPLES;
    this.#isSlipping = !isThere;
    this.#misses = isThere ? Math.max(0, this.#misses - MISS_RECOVERY) : this.#misses + 1;
    if (Number.isFinite(this.#offset) && this.#misses < MISSES_TO_ALIGN) return fromSample;
    this.#misses = 0;
    this.#offset = this.#farEnd.endSample - LEAD_SAMPLES - this.#nearSamples;
    return this.#nearSamples - CAPTURE_FRAME_SAMPLES + this.#offset;
  }
}
