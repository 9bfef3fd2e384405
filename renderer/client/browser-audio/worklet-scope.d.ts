// The part of AudioWorkletGlobalScope that is used here; TypeScript's DOM library has none of it.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
/** Rate of the AudioContext in Hz. */
declare const sampleRate: number;
/** Index of the first frame of the quantum being rendered. */
declare const currentFrame: number;
