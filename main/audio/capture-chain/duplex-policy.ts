import type { EchoWindow } from './echo-meter.ts';

/** What is left of an echo opens an utterance when it stands out of the room as speech does. */
const AUDIBLE_ABOVE_FLOOR_DB = 12;
const AUDIBLE_DBFS = -50;
/** Above this it is the loudspeaker that is heard and not somebody who speaks at the same time. */
const ECHO_LIKENESS = 0.6;
/** Cancelling that works reaches this within a second. */
const POOR_ERLE_DB = 15;
const LEAKS_TO_MUTE = 2;
const CLEAN_WINDOWS_TO_OPEN = 3;

/** Is this what a voice activity detector would take for speech? Also the verdict of the self-test. */
export function isAudibleEcho(residualDbfs: number, noiseFloorDbfs: number): boolean {
  return residualDbfs > Math.max(AUDIBLE_DBFS, noiseFloorDbfs + AUDIBLE_ABOVE_FLOOR_DB);
}

/** The canceller does its work. */
export function isCleanWindow(window: EchoWindow, noiseFloorDbfs: number): boolean {
  return !isAudibleEcho(window.residualDbfs, noiseFloorDbfs) || window.erleDb >= POOR_ERLE_DB;
}

/**
 * Whether the echo can be told from the user. Two seconds of echo that comes through turn the microphone off while the loudspeaker
 * plays; three seconds in which the canceller (which goes on behind the muting) does its work turn it on again.
 */
export class DuplexPolicy {
  #leaks = 0;
  #cleanWindows = 0;
  #isHalf = false;

  get isHalf(): boolean {
    return this.#isHalf;
  }

  reset(): void {
    this.#leaks = 0;
    this.#cleanWindows = 0;
    this.#isHalf = false;
  }

  update(window: EchoWindow, noiseFloorDbfs: number): void {
    const isAudible = isAudibleEcho(window.residualDbfs, noiseFloorDbfs);
    const isLeak = isAudible && window.erleDb < POOR_ERLE_DB && window.residualLikeness > ECHO_LIKENESS;
    this.#leaks = isLeak ? this.#leaks + 1 : Math.max(0, this.#leaks - 0.5);
    // Loud and unlike the loudspeaker is somebody who talks: that says nothing about the echo.
    if (isLeak) this.#cleanWindows = 0;
    else if (isCleanWindow(window, noiseFloorDbfs)) this.#cleanWindows++;
    if (this.#leaks >= LEAKS_TO_MUTE) this.#isHalf = true;
    if (this.#cleanWindows >= CLEAN_WINDOWS_TO_OPEN) {
      this.#isHalf = false;
      this.#leaks = 0;
    }
  }
}
