import { CAPTURE_FRAME_SAMPLES } from '../../contract/audio-format.ts';
import { isAudibleEcho } from './duplex-policy.ts';
import type { EchoWindow } from './echo-meter.ts';
import { powerToDbfs } from './room-levels.ts';

/** Half a dB a frame: an echo that comes 110 ms later is still expected nearly as loud as it will be. */
const PEAK_DECAY = 0.9;
const SMOOTHING = 0.4;
/** What is so much louder than the echo could be is somebody who speaks, and is let through for a while. */
const VOICE_ABOVE_ECHO_DB = 4;
const VOICE_FRAMES = 40;
/** Gaps between syllables are not opened for. */
const CLOSED_FRAMES = 10;
/** Before an echo was heard: as loud as what is played. */
const UNKNOWN_ECHO_DB = 0;
const PURE_ECHO_LIKENESS = 0.7;

/**
 * Keeps the echo out while the canceller learns: at the first answer, and for a second or two after the streams have slipped (a
 * device that ran dry). What comes through then and is no louder than the echo can be is muted; a voice above it is not.
 */
export class EchoGuard {
  #isArmed = true;
  #echoDb = UNKNOWN_ECHO_DB;
  #isEchoKnown = false;
  #peak = 0;
  #residual = 0;
  #voiceFrames = 0;
  #closedFrames = 0;

  /** The canceller may have lost the echo. */
  arm(): void {
    this.#isArmed = true;
  }

  /** Another room: nothing is known of its echo. */
  reset(): void {
    this.#isArmed = true;
    this.#isEchoKnown = false;
    this.#echoDb = UNKNOWN_ECHO_DB;
  }

  /** What a second of echo has shown. `isClean`: the canceller does its work. */
  learn(window: EchoWindow, isClean: boolean): void {
    if (isClean) this.#isArmed = false;
    if (window.nearLikeness < PURE_ECHO_LIKENESS) return;
    const echoDb = window.nearDbfs - window.farDbfs;
    this.#echoDb = this.#isEchoKnown ? (this.#echoDb + echoDb) / 2 : echoDb;
    this.#isEchoKnown = true;
  }

  /** Energies of a frame while the loudspeaker plays. Returns whether the frame is to be muted. */
  mutes(frame: { far: number; residual: number; noiseFloorDbfs: number }): boolean {
    this.#peak = Math.max(frame.far, this.#peak * PEAK_DECAY);
    this.#residual += (frame.residual - this.#residual) * SMOOTHING;
    const expectedDbfs = levelOf(this.#peak) + this.#echoDb;
    const residualDbfs = levelOf(this.#residual);
    if (residualDbfs > expectedDbfs + VOICE_ABOVE_ECHO_DB) this.#voiceFrames = VOICE_FRAMES;
    else if (this.#voiceFrames > 0) this.#voiceFrames--;
    const isEcho = isAudibleEcho(residualDbfs, frame.noiseFloorDbfs) && this.#voiceFrames === 0;
    this.#closedFrames = isEcho ? CLOSED_FRAMES : Math.max(0, this.#closedFrames - 1);
    return this.#isArmed && this.#closedFrames > 0 && this.#voiceFrames === 0;
  }
}

function levelOf(energy: number): number {
  return powerToDbfs(energy / CAPTURE_FRAME_SAMPLES);
}
