import type {
  NativeDevice,
  NativePortAudio,
  NativeStream,
  NativeStreamOptions,
} from '../../main/audio/portaudio-native.ts';
import type { FakeClock } from './fake-clock.ts';

/** What a device buffers before it makes the writer wait. */
const BUFFER_MS = 40;
const NONE = 0xffffffff;

/** Sound devices on a fake clock, with the habits of PortAudio through naudiodon (see portaudio-native.ts). */
export class FakePortAudio implements NativePortAudio {
  readonly #clock: FakeClock;
  readonly #streams = new Set<FakeStream>();
  #devices: NativeDevice[];
  /** What PortAudio saw when it was initialised. */
  #seen: NativeDevice[] | undefined;
  #heard: { atMs: number; loudest: number }[] = [];
  /** Amplitude of what the microphone hears. */
  microphone = 0.1;

  constructor(clock: FakeClock, names: string[] = ['default', 'headset']) {
    this.#clock = clock;
    this.#devices = names.map(device);
  }

  plug(names: string[]): void {
    this.#devices = names.map(device);
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** The sound server dies: no error, and nothing can be closed any more. */
  die(how: 'silently' | 'racing'): void {
    for (const stream of this.#streams) stream.die(how);
  }

  /** Loudest sample that left a loudspeaker since the last call. */
  loudest(): number {
    const nowMs = this.#clock.nowMs();
    const played = this.#heard.filter((block) => block.atMs <= nowMs);
    this.#heard = this.#heard.filter((block) => block.atMs > nowMs);
    return played.reduce((loudest, block) => Math.max(loudest, block.loudest), 0);
  }

  getDevices(): NativeDevice[] {
    return this.#streams.size > 0 ? this.#seen! : this.#devices;
  }

  getHostAPIs(): ReturnType<NativePortAudio['getHostAPIs']> {
    const usual = this.getDevices().length > 0 ? 0 : NONE;
    return { defaultHostAPI: 0, HostAPIs: [{ name: 'ALSA', defaultInput: usual, defaultOutput: usual }] };
  }

  create(options: { inOptions: NativeStreamOptions } | { outOptions: NativeStreamOptions }): NativeStream {
    if (this.#streams.size === 0) this.#seen = this.#devices;
    const stream = new FakeStream({
      clock: this.#clock,
      options: 'inOptions' in options ? options.inOptions : options.outOptions,
      microphone: () => this.microphone,
      onBlock: (block) => this.#heard.push(block),
      onQuit: () => this.#streams.delete(stream),
    });
    this.#streams.add(stream);
    return stream;
  }
}

function device(name: string, id: number): NativeDevice {
  const channels = { maxInputChannels: 2, maxOutputChannels: 2 };
  return { id, name, ...channels, defaultSampleRate: 44_100, hostAPIName: 'ALSA' };
}

class FakeStream implements NativeStream {
  readonly #clock: FakeClock;
  readonly #samplesPerMs: number;
  readonly #channels: number;
  readonly #microphone: () => number;
  readonly #onBlock: (block: { atMs: number; loudest: number }) => void;
  readonly #onQuit: () => void;
  /** When everything that was written so far will have been played, or read so far was recorded. */
  #untilMs = 0;
  #fate: 'alive' | 'silently' | 'racing' | 'quit' = 'alive';

  constructor(parts: {
    clock: FakeClock;
    options: NativeStreamOptions;
    microphone: () => number;
    onBlock: (block: { atMs: number; loudest: number }) => void;
    onQuit: () => void;
  }) {
    this.#clock = parts.clock;
    this.#samplesPerMs = parts.options.sampleRate / 1000;
    this.#channels = parts.options.channelCount;
    this.#microphone = parts.microphone;
    this.#onBlock = parts.onBlock;
    this.#onQuit = parts.onQuit;
  }

  die(how: 'silently' | 'racing'): void {
    this.#fate = how;
  }

  start(): void {
    this.#untilMs = this.#clock.nowMs();
  }

  async read(sizeBytes: number): Promise<{ buf: Buffer }> {
    const samples = new Float32Array(sizeBytes / 4).fill(this.#microphone());
    this.#untilMs += samples.length / this.#channels / this.#samplesPerMs;
    await this.#passes(this.#untilMs);
    return { buf: Buffer.from(samples.buffer) };
  }

  async write(block: Buffer): Promise<undefined> {
    const samples = new Float32Array(block.buffer, block.byteOffset, block.length / 4);
    const startMs = Math.max(this.#untilMs, this.#clock.nowMs());
    this.#untilMs = startMs + samples.length / this.#channels / this.#samplesPerMs;
    const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
    this.#onBlock({ atMs: this.#untilMs, loudest });
    await this.#passes(this.#untilMs - BUFFER_MS);
    return undefined;
  }

  async quit(): Promise<void> {
    if (this.#fate !== 'alive') await new Promise(() => {});
    this.#fate = 'quit';
    this.#onQuit();
  }

  async #passes(atMs: number): Promise<void> {
    if (this.#fate === 'racing') return new Promise((resolve) => void this.#clock.schedule(0.01, resolve));
    await new Promise<void>((resolve) => void this.#clock.schedule(atMs - this.#clock.nowMs(), resolve));
    if (this.#fate === 'silently') await new Promise(() => {});
  }
}
