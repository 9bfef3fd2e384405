import { createRequire } from 'node:module';

export interface NativeDevice {
  id: number;
  name: string;
  maxInputChannels: number;
  maxOutputChannels: number;
  defaultSampleRate: number;
  hostAPIName: string;
}

interface NativeHostApis {
  defaultHostAPI: number;
  /** Device numbers count over all host APIs; none is 0xffffffff. */
  HostAPIs: { name: string; defaultInput: number; defaultOutput: number }[];
}

export interface NativeStreamOptions {
  deviceId: number;
  sampleRate: number;
  channelCount: number;
  /** 1 is 32-bit float. */
  sampleFormat: 1;
  framesPerBuffer: number;
  /** Blocks that may wait between the device's callback and us. */
  maxQueue: number;
  closeOnError: boolean;
}

export interface NativeStream {
  start(): void;
  /** Resolves when this many bytes were recorded. */
  read(sizeBytes: number): Promise<{ err?: string; buf?: Buffer; finished?: boolean }>;
  /** Resolves when there is room for another block, with a message when something was wrong. The block is copied. */
  write(block: Buffer): Promise<string | undefined>;
  quit(how: 'WAIT' | 'ABORT'): Promise<void>;
}

export interface NativePortAudio {
  getDevices(): NativeDevice[];
  getHostAPIs(): NativeHostApis;
  /** Throws an Error saying what PortAudio does not like. */
  create(options: { inOptions: NativeStreamOptions } | { outOptions: NativeStreamOptions }): NativeStream;
}

/**
 * naudiodon's binding without its Node streams, whose buffers add latency and whose errors are printed. Loads native code: only in
 * the audio child.
 *
 * What its source and trials say, and what everything here is built around:
 * - `getDevices` sees devices that came or went only while this process has no stream: PortAudio looks for them when it is
 *   initialised first. A `create` that throws stays initialised for good.
 * - The device's callback waits for our blocks. While we write none, the device plays nothing and the time is made up for by
 *   dropping the next 0.6 s (measured through PulseAudio): an open output must be fed all the time.
 * - When the sound server is killed, no error comes: blocks stop, or are taken and given thousands of times too fast.
 *   `quit` then never returns. Only the end of the process frees such a stream.
 */
export function loadPortAudio(): NativePortAudio {
  return createRequire(import.meta.url)(portAudioPath()) as NativePortAudio;
}

export function portAudioPath(): string {
  return createRequire(import.meta.url).resolve('naudiodon/build/Release/naudiodon.node');
}
