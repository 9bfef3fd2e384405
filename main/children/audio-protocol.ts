import type { CaptureChainSettings, CaptureChainState, EchoTestResult } from '../contract/capture-chain.ts';
import type { SerialisedError } from '../contract/errors.ts';
import type { AudioDevice, MicrophoneState } from '../contract/state.ts';
import type { PlaybackProgress } from '../ports/audio-devices.ts';

/** Calls to the audio child: name → parameters and result. */
export interface AudioCalls {
  list: { params: null; result: AudioDevice[] };
  open: { params: { inputId: string | null; outputId: string | null }; result: null };
  testEcho: { params: null; result: EchoTestResult };
  stopAnswer: { params: { answerNumber: number; fadeMs: number | undefined }; result: number };
}

/** Notifications to the audio child. What is queued is bounded by the sender, which counts what was played. */
export interface AudioCommands {
  play: { answerNumber: number; pcm: Float32Array; sampleRateHz: number };
  endAnswer: { answerNumber: number };
  setHeld: { held: boolean; fadeMs: number | undefined };
  setGain: { gainDb: number; rampMs: number };
  setCaptureChain: { settings: CaptureChainSettings };
}

/** Notifications from the audio child. */
export interface AudioReports {
  /** About every 20 ms: what there is to say since the last. `captured` is whole capture frames, one after the other. */
  tick: {
    captured?: Float32Array;
    progress?: PlaybackProgress[];
    levels?: { inputDbfs: number; outputDbfs: number };
  };
  microphone: { state: MicrophoneState };
  devices: { devices: AudioDevice[] };
  chain: { state: CaptureChainState };
  problem: { error: SerialisedError };
  /** A stream is dead: this process is of no more use. */
  broken: { error: SerialisedError };
}
