import { ParleyError } from '../contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { channelsToTry, ratesToTry, type ListedDevice } from './portaudio-devices.ts';
import type { NativePortAudio, NativeStream, NativeStreamOptions } from './portaudio-native.ts';
import { SampleWatch, type StreamHealth } from './sample-watch.ts';

/** The device's callback works in blocks of this; PortAudio turns it into the period of the device. */
const CALLBACK_MS = 10;
/** What waits for us while our thread is held up, before the device's callback has to wait. */
const INPUT_QUEUE_BLOCKS = 100;
const OUTPUT_QUEUE_BLOCKS = 1;
const CONNECTED_BLOCKS = 4;
const CLOSE_LIMIT_MS = 1500;
const LOOK_INTERVAL_MS = 100;
const FLOAT32 = 1;
const BYTES = 4;

export interface StreamOptions {
  native: NativePortAudio;
  device: ListedDevice;
  clock: Clock;
  /** Nothing has come or gone for half a second, which may pass. */
  onQuiet: () => void;
  /** The stream is dead and cannot be closed; only the end of the process frees it. Called once. */
  onBroken: () => void;
}

/** What input and output have in common: opening with what the device takes, watching, closing. */
abstract class PortAudioStream {
  readonly device: ListedDevice;
  readonly sampleRateHz: number;
  protected readonly channels: number;
  protected readonly stream: NativeStream;
  protected readonly clock: Clock;
  readonly #watch: SampleWatch;
  readonly #onBroken: () => void;
  readonly #onQuiet: () => void;
  #isRunning = true;
  #isBroken = false;
  #cancelLook: (() => void) | undefined;

  protected constructor(options: StreamOptions, opened: OpenedStream) {
    this.device = options.device;
    this.clock = options.clock;
    this.stream = opened.stream;
    this.sampleRateHz = opened.sampleRateHz;
    this.channels = opened.channels;
    this.#onBroken = options.onBroken;
    this.#onQuiet = options.onQuiet;
    this.#watch = new SampleWatch({ sampleRateHz: opened.sampleRateHz, nowMs: options.clock.nowMs() });
    this.#scheduleLook();
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  protected get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Rejects with `device-lost` when the device does not let go; then only the end of the process helps. */
  async close(): Promise<void> {
    if (this.#isBroken) throw deviceLost(this.device);
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#cancelLook?.();
    let cancelLimit = () => {};
    const limit = new Promise<'late'>((resolve) => {
      cancelLimit = this.clock.schedule(CLOSE_LIMIT_MS, () => resolve('late'));
    });
    const outcome = await Promise.race([this.stream.quit('ABORT'), limit]);
    cancelLimit();
    if (outcome === 'late') throw deviceLost(this.device);
  }

  protected note(samples: number): void {
    this.#judge(this.#watch.note(samples, this.clock.nowMs()));
  }

  /** Whatever goes wrong inside the loop of a stream is the device's fault. */
  protected fail(): void {
    this.#judge('stalled');
  }

  #scheduleLook(): void {
    this.#cancelLook = this.clock.schedule(LOOK_INTERVAL_MS, () => {
      this.#judge(this.#watch.look(this.clock.nowMs()));
      if (this.#isRunning) this.#scheduleLook();
    });
  }

  #judge(health: StreamHealth): void {
    if (health === 'ok' || !this.#isRunning) return;
    if (health === 'quiet') return this.#onQuiet();
    this.#isRunning = false;
    this.#isBroken = true;
    this.#cancelLook?.();
    this.#onBroken();
  }
}

/** A microphone: mono blocks at the device's rate. */
export class PortAudioInput extends PortAudioStream {
  readonly #onSamples: (samples: Float32Array) => void;
  readonly #blockMs: () => number;

  /** `blockMs` is asked before each block how long that is to be. */
  constructor(options: StreamOptions & { blockMs: () => number; onSamples: (samples: Float32Array) => void }) {
    super(options, openStream(options));
    this.#onSamples = options.onSamples;
    this.#blockMs = options.blockMs;
  }

  /** Resolves when it delivers, at the latest after `limitMs`. */
  async start(limitMs: number): Promise<void> {
    const begun = Promise.withResolvers<void>();
    const cancelLimit = this.clock.schedule(limitMs, begun.resolve);
    this.stream.start();
    void this.#run(begun.resolve).finally(begun.resolve);
    await begun.promise;
    cancelLimit();
  }

  async #run(onBegun: () => void): Promise<void> {
    try {
      while (this.isRunning) {
        const sizeBytes = Math.round((this.sampleRateHz * this.#blockMs()) / 1000) * this.channels * BYTES;
        const { buf } = await this.stream.read(sizeBytes);
        if (!this.isRunning || !buf) return;
        onBegun();
        this.note(buf.length / this.channels / BYTES);
        if (this.isRunning && buf.length > 0) this.#onSamples(toMono(buf, this.channels));
      }
    } catch {
      this.fail();
    }
  }
}

/** A loudspeaker: asks for mono blocks as the device takes them. */
export class PortAudioOutput extends PortAudioStream {
  #underruns = 0;

  readonly #nextBlock: (sampleRateHz: number) => Float32Array;

  /** `nextBlock` gives any number of samples from 5 to 50 ms. */
  constructor(options: StreamOptions & { nextBlock: (sampleRateHz: number) => Float32Array }) {
    super(options, openStream(options));
    this.#nextBlock = options.nextBlock;
  }

  /** Resolves when the device takes samples. Rejects with `device-lost`. */
  async start(): Promise<void> {
    const connected = Promise.withResolvers<void>();
    this.stream.start();
    void this.#run(connected.resolve).finally(() => connected.reject(deviceLost(this.device)));
    await connected.promise;
  }

  /** Times that the device ran dry. */
  get underruns(): number {
    return this.#underruns;
  }

  async #run(onConnected: () => void): Promise<void> {
    let blocks = 0;
    try {
      while (this.isRunning) {
        const block = this.#nextBlock(this.sampleRateHz);
        const problem = await this.stream.write(fromMono(block, this.channels));
        if (problem) this.#underruns++;
        this.note(block.length);
        // The queue and PortAudio's own buffer take the first ones before the device is connected.
        if (++blocks === CONNECTED_BLOCKS) onConnected();
      }
    } catch {
      this.fail();
    }
  }
}

interface OpenedStream {
  stream: NativeStream;
  sampleRateHz: number;
  channels: number;
}

/** Tries rates and channel counts until the device takes one. Throws `no-device`; PortAudio then stays initialised. */
function openStream(options: StreamOptions): OpenedStream {
  const { native, device } = options;
  let cause: unknown;
  for (const sampleRateHz of ratesToTry(device)) {
    for (const channels of channelsToTry(device)) {
      const streamOptions: NativeStreamOptions = {
        deviceId: device.nativeId,
        sampleRate: sampleRateHz,
        channelCount: channels,
        sampleFormat: FLOAT32,
        framesPerBuffer: Math.round((sampleRateHz * CALLBACK_MS) / 1000),
        maxQueue: device.kind === 'input' ? INPUT_QUEUE_BLOCKS : OUTPUT_QUEUE_BLOCKS,
        // What was recorded is thrown away on "overflow" when this is set; for output it only makes write() say "underflow".
        closeOnError: device.kind === 'output',
      };
      try {
        const side = device.kind === 'input' ? { inOptions: streamOptions } : { outOptions: streamOptions };
        return { stream: native.create(side), sampleRateHz, channels };
      } catch (error) {
        cause = error;
      }
    }
  }
  const message = cause instanceof Error ? cause.message : 'The device cannot be opened.';
  throw new ParleyError({ code: 'no-device', stage: 'audio', retryable: true, message, detail: device.name, cause });
}

export function deviceLost(device: { name: string }): ParleyError {
  const message = 'The device stopped delivering or taking sound.';
  return new ParleyError({ code: 'device-lost', stage: 'audio', retryable: true, message, detail: device.name });
}

function toMono(bytes: Buffer, channels: number): Float32Array {
  // A Buffer may begin anywhere in a pool; Float32Array needs a multiple of 4.
  const whole = bytes.byteOffset % BYTES === 0 ? bytes : Buffer.from(bytes);
  const interleaved = new Float32Array(whole.buffer, whole.byteOffset, Math.floor(whole.length / BYTES));
  if (channels === 1) return interleaved;
  const mono = new Float32Array(interleaved.length / channels);
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += interleaved[i * channels + channel]!;
    mono[i] = sum / channels;
  }
  return mono;
}

/** The first two channels get the sound; more are for effects and stay silent. */
function fromMono(mono: Float32Array, channels: number): Buffer {
  if (channels === 1) return Buffer.from(mono.buffer, mono.byteOffset, mono.byteLength);
  const interleaved = new Float32Array(mono.length * channels);
  for (let i = 0, at = 0; i < mono.length; i++, at += channels) {
    interleaved[at] = mono[i]!;
    interleaved[at + 1] = mono[i]!;
  }
  return Buffer.from(interleaved.buffer);
}
