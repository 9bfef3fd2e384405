import type { CaptureChainSettings, CaptureChainState, EchoTestResult } from '../contract/capture-chain.ts';
import type { ParleyError } from '../contract/errors.ts';
import type { AudioDevice, MicrophoneState } from '../contract/state.ts';

/** 10 ms of capture (CAPTURE_FRAME_SAMPLES at CAPTURE_RATE_HZ); positions count from the moment the input was first opened. */
export interface CaptureFrame {
  startSample: number;
  samples: Float32Array;
}

export interface PlaybackProgress {
  answerNumber: number;
  /** Samples of this answer that have left the loudspeaker, at the answer’s own rate; never falls, but by a correction. */
  playedSamples: number;
  /** True once: all of it was played, or it was stopped. */
  ended: boolean;
  /** A loudspeaker elsewhere knows better: less may have been played than was reported before. Default: no. */
  isCorrection?: boolean;
}

export interface AudioBusEvents {
  /** Several frames when the event loop was held up; never reordered. */
  onCapture(frames: CaptureFrame[]): void;
  onPlayback(progress: PlaybackProgress): void;
  onMicrophone(state: MicrophoneState): void;
  onDevicesChanged(devices: AudioDevice[]): void;
  onLevels(levels: { inputDbfs: number; outputDbfs: number }): void;
  /** What the capture chain does now, and what it measures; about twice a second at most. */
  onChain?(state: CaptureChainState): void;
  /** A device failed (`device-lost`, `no-device`). The bus goes on trying by itself; `detail` is the device's name. */
  onProblem?(problem: ParleyError): void;
}

/**
 * One microphone and one loudspeaker, whatever they are: PortAudio, a browser tab, WAV files. An answer is a stream of audio
 * that is played in order, can be ducked, and can be stopped at any sample.
 */
export interface AudioBus {
  list(): Promise<AudioDevice[]>;
  /** Opens or swaps devices; null means the system's default. Throws `no-device` or `unknown-device`. */
  open(selection: { inputId: string | null; outputId: string | null }): Promise<void>;
  /**
   * Queues audio of an answer (mono at `sampleRateHz`; one rate per answer). Resolves when the queue holds less than its bound
   * (about 2 s), so that a producer cannot run far ahead. Resolves at once, dropping the audio, for an answer that was stopped.
   */
  play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void>;
  /** No more audio of this answer; `ended` progress follows when the last sample was played. */
  endAnswer(answerNumber: number): void;
  /** Silences the answer after a fade (default 10 ms) and drops the rest. Resolves with the samples that were played. */
  stopAnswer(answerNumber: number, fadeMs?: number): Promise<number>;
  /**
   * Holds everything played where it is (fading out over `fadeMs`, default 20) and, when released, goes on from the same sample
   * (fading in). Nothing is lost and nothing counts as played meanwhile: what is done at the first sound of a user who may be interrupting.
   */
  setHeld(held: boolean, fadeMs?: number): void;
  /** Ducks (or, at 0 dB, restores) everything played, ramped over `rampMs`. */
  setGain(gainDb: number, rampMs: number): void;
  /** Switches stages of the capture chain, without a click. Absent where the sound is treated elsewhere (a browser's own chain). */
  setCaptureChain?(settings: CaptureChainSettings): void;
  /**
   * Plays a sweep and noise for 6 s and says what of it comes back through the microphone, and whether that can be cancelled. Throws
   * `no-device` when a side is missing and `device-lost` when the sound stops.
   */
  testEcho?(): Promise<EchoTestResult>;
  close(): Promise<void>;
}
