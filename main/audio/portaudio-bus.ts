import { ParleyError } from '../contract/errors.ts';
import type { CaptureChainSettings, EchoTestResult } from '../contract/capture-chain.ts';
import type { AudioDevice, MicrophoneState } from '../contract/state.ts';
import type { AudioBus, AudioBusEvents, PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { CaptureChain } from './capture-chain/capture-chain.ts';
import { EchoTest } from './capture-chain/echo-test.ts';
import { DeviceCapture } from './device-capture.ts';
import type { DeviceLatency } from './device-latency.ts';
import { LevelMeter } from './level-meter.ts';
import { PlaybackMixer } from './playback-mixer.ts';
import { describeDevices, findDevice, readDevices, type ListedDevice } from './portaudio-devices.ts';
import type { NativePortAudio } from './portaudio-native.ts';
import { deviceLost, PortAudioInput, PortAudioOutput } from './portaudio-stream.ts';
import { StreamingResampler } from './streaming-resampler.ts';

export interface PortAudioBusOptions {
  events: AudioBusEvents;
  native: NativePortAudio;
  clock: Clock;
  latency: DeviceLatency;
  /** What is done to the microphone's sound; closed with the bus. Default: nothing. */
  chain?: CaptureChain;
  /** The devices that are there now, also while streams are open. */
  listFresh: () => Promise<ListedDevice[]>;
  /** A stream is dead and holds on to its device: this process is to be ended and another to go on. Called once. */
  onBroken: (problem: ParleyError) => void;
}

type Kind = 'input' | 'output';
export interface DeviceSelection {
  inputId: string | null;
  outputId: string | null;
}

/**
 * Short blocks keep a stop short and a microphone prompt; each costs the wake-up of three threads and a message. While nobody has
 * made a sound for a while they are longer, which delays the first sound of all and nothing after it.
 */
const ACTIVE_PLAYBACK_MS = 10;
const ACTIVE_CAPTURE_MS = 20;
const IDLE_BLOCK_MS = 40;
const IDLE_AFTER_MS = 10_000;
/** Somebody may be about to be answered. */
const ACTIVE_INPUT_DBFS = -60;
const RETRY_MS = 2000;
/** A microphone that has not begun by then is not waited for (1.9 s was seen): the loudspeaker can be opened meanwhile. */
const CONNECT_LIMIT_MS = 500;

/**
 * The sound card, through PortAudio. Lives in the audio child. Devices that are missing are waited for; a device that dies takes the
 * process with it (see portaudio-native.ts), and the app's side starts it again.
 */
export class PortAudioBus implements AudioBus {
  readonly #options: PortAudioBusOptions;
  readonly #events: AudioBusEvents;
  readonly #mixer: PlaybackMixer;
  readonly #capture: DeviceCapture;
  #outputMeter = new LevelMeter({ sampleRateHz: 48_000 });
  #input: PortAudioInput | undefined;
  #output: PortAudioOutput | undefined;
  #selection: DeviceSelection = { inputId: null, outputId: null };
  #microphone: MicrophoneState = 'off';
  #activeUntilMs = 0;
  #isOpen = false;
  #isBroken = false;
  /** There is no loudspeaker: answers end unheard. */
  #hasNoOutput = false;
  #cancelRetry: (() => void) | undefined;
  #echoTest: EchoTest | undefined;
  #opening: Promise<unknown> = Promise.resolve();

  private constructor(options: PortAudioBusOptions, parts: { capture: DeviceCapture; resampler: StreamingResampler }) {
    this.#options = options;
    this.#events = options.events;
    this.#capture = parts.capture;
    const onProgress = (progress: PlaybackProgress) => this.#events.onPlayback(progress);
    this.#mixer = new PlaybackMixer({ outputRateHz: 48_000, resampler: parts.resampler, onProgress });
  }

  static async create(options: PortAudioBusOptions): Promise<PortAudioBus> {
    const capture = await DeviceCapture.create();
    const resampler = await StreamingResampler.create({ inputRateHz: 24_000, outputRateHz: 48_000 });
    return new PortAudioBus(options, { capture, resampler });
  }

  /** Times that an answer had a hole: because its audio came late, or because the device was not fed in time. */
  get underruns(): { late: number; device: number } {
    return { late: this.#mixer.underruns, device: this.#output?.underruns ?? 0 };
  }

  async list(): Promise<AudioDevice[]> {
    const isFresh = !this.#input && !this.#output;
    const devices = isFresh ? this.#listHere() : await this.#options.listFresh().catch(() => this.#listHere());
    return devices.map(({ nativeId: _, ...device }) => device);
  }

  /**
   * See AudioBus.open. A side that cannot be opened is reported as a problem and tried again every 2 s; rejects with `no-device` when
   * that is so for both, and with `unknown-device`, changing nothing, when a chosen one is not there.
   */
  open(selection: DeviceSelection): Promise<void> {
    return this.#inTurn(() => this.#openNow(selection));
  }

  play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void> {
    if (this.#hasNoOutput) return this.#mixer.stopAnswer(answerNumber).then(() => {});
    this.#stayActive();
    return this.#mixer.play(answerNumber, pcm, sampleRateHz);
  }

  endAnswer(answerNumber: number): void {
    this.#mixer.endAnswer(answerNumber);
  }

  stopAnswer(answerNumber: number, fadeMs?: number): Promise<number> {
    return this.#mixer.stopAnswer(answerNumber, fadeMs);
  }

  setHeld(held: boolean, fadeMs?: number): void {
    this.#mixer.setHeld(held, fadeMs);
  }

  setGain(gainDb: number, rampMs: number): void {
    this.#mixer.setGain(gainDb, rampMs);
  }

  setCaptureChain(settings: CaptureChainSettings): void {
    this.#options.chain?.setSettings(settings);
  }

  /** See AudioBus.testEcho. */
  async testEcho(): Promise<EchoTestResult> {
    const { chain } = this.#options;
    if (!chain || !this.#input || !this.#output) {
      throw new ParleyError({
        code: 'no-device',
        stage: 'audio',
        message: 'The test needs a microphone and a loudspeaker.',
      });
    }
    this.#echoTest ??= new EchoTest({ chain, clock: this.#options.clock });
    try {
      return await this.#echoTest.result;
    } finally {
      this.#echoTest = undefined;
    }
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isOpen = false;
      this.#cancelRetry?.();
      await this.#closeStreams().catch(() => {});
      this.#mixer.close();
      this.#capture.close();
      this.#echoTest?.abandon();
      this.#options.chain?.close();
      this.#setMicrophone('off');
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#opening.then(work);
    this.#opening = done.catch(() => {});
    return done;
  }

  async #openNow(selection: DeviceSelection): Promise<void> {
    const devices = await this.#devicesWith(selection);
    this.#isOpen = true;
    this.#selection = selection;
    const problems = [
      await this.#swap('input', findDevice(devices, 'input', selection.inputId)),
      await this.#swap('output', findDevice(devices, 'output', selection.outputId)),
    ].filter((problem) => problem !== undefined);
    if (problems.length > 0) this.#retryLater();
    if (problems.length === 2) throw problems[0]!;
    for (const problem of problems) this.#events.onProblem?.(problem);
  }

  /** A list that has what is selected; opens PortAudio anew for a device that was plugged in since. */
  async #devicesWith(selection: DeviceSelection): Promise<ListedDevice[]> {
    let devices = this.#listHere();
    const wanted: [Kind, string | null][] = [
      ['input', selection.inputId],
      ['output', selection.outputId],
    ];
    const isMissing = () => wanted.find(([kind, id]) => id !== null && !findDevice(devices, kind, id));
    if (isMissing() && (this.#input || this.#output)) {
      const fresh = await this.#options.listFresh().catch(() => []);
      const isThere = wanted.every(([kind, id]) => id === null || findDevice(fresh, kind, id));
      if (isThere) {
        await this.#closeStreams();
        devices = this.#listHere();
      }
    }
    const missing = isMissing();
    if (missing) throw new ParleyError({ code: 'unknown-device', stage: 'audio', detail: missing[1]! });
    return devices;
  }

  #listHere(): ListedDevice[] {
    return describeDevices(readDevices(this.#options.native));
  }

  /** Makes this device the one in use. Returns what went wrong. */
  async #swap(kind: Kind, device: ListedDevice | undefined): Promise<ParleyError | undefined> {
    const current = kind === 'input' ? this.#input : this.#output;
    if (device && current?.device.id === device.id) return undefined;
    try {
      if (kind === 'input') await this.#openInput(device);
      else await this.#openOutput(device);
      return device ? undefined : noDevice(kind);
    } catch (error) {
      if (kind === 'output' && !this.#output && !this.#isBroken) this.#endWithoutOutput();
      return ParleyError.from(error, 'audio', 'no-device');
    }
  }

  async #openInput(device: ListedDevice | undefined): Promise<void> {
    const previous = this.#input;
    this.#input = undefined;
    await previous?.close();
    if (!device) return this.#setMicrophone('lost');
    this.#setMicrophone('opening');
    const { native, clock, latency } = this.#options;
    latency.prepare('input');
    const input = new PortAudioInput({
      native,
      device,
      clock,
      onQuiet: () => this.#setMicrophone('lost'),
      onBroken: () => this.#broken(device),
      blockMs: () => (this.#isActive ? ACTIVE_CAPTURE_MS : IDLE_BLOCK_MS),
      onSamples: (samples) => this.#captured(samples),
    });
    this.#input = input;
    this.#capture.startDevice(input.sampleRateHz);
    this.#options.chain?.forgetEcho();
    await input.start(CONNECT_LIMIT_MS);
    latency.settle();
  }

  /** The new device takes over at the sample at which it asks first; the one before plays out what it has. */
  async #openOutput(device: ListedDevice | undefined): Promise<void> {
    const previous = this.#output;
    this.#hasNoOutput = false;
    if (!device) {
      this.#output = undefined;
      this.#endWithoutOutput();
      return previous?.close();
    }
    this.#options.latency.prepare('output');
    const { native, clock } = this.#options;
    const output: PortAudioOutput = new PortAudioOutput({
      native,
      device,
      clock,
      onQuiet: () => {},
      onBroken: () => this.#broken(device),
      nextBlock: (sampleRateHz) => {
        if (this.#output !== output) return new Float32Array(this.#blockSamples(sampleRateHz));
        return this.#nextBlock(output);
      },
    });
    await output.start();
    this.#output = output;
    this.#mixer.setOutputRate(output.sampleRateHz);
    this.#options.chain?.startLoudspeaker(output.sampleRateHz);
    this.#outputMeter = new LevelMeter({ sampleRateHz: output.sampleRateHz });
    if (previous) await this.#playOut(previous);
  }

  /** What cannot be heard must not keep the conversation waiting. */
  #endWithoutOutput(): void {
    this.#hasNoOutput = true;
    this.#mixer.endAll();
  }

  async #playOut(previous: PortAudioOutput): Promise<void> {
    const { clock, latency } = this.#options;
    const waitMs = latency.playbackMs(previous.device.hostApi) + IDLE_BLOCK_MS;
    await new Promise<void>((resolve) => void clock.schedule(waitMs, resolve));
    await previous.close();
  }

  #captured(deviceSamples: Float32Array): void {
    const { frames, isBlocked, isNewLevel } = this.#capture.add(deviceSamples);
    this.#setMicrophone(isBlocked ? 'blocked' : 'ok');
    if (this.#capture.dbfs > ACTIVE_INPUT_DBFS) this.#stayActive();
    for (const { samples } of frames) this.#options.chain?.process(samples);
    if (frames.length > 0) this.#events.onCapture(frames);
    if (isNewLevel) this.#reportLevels();
  }

  #nextBlock(output: PortAudioOutput): Float32Array {
    const block = new Float32Array(this.#blockSamples(output.sampleRateHz));
    const latencyMs = this.#options.latency.playbackMs(output.device.hostApi) + ACTIVE_PLAYBACK_MS;
    const heard = this.#mixer.pulledSamples - Math.round((latencyMs * output.sampleRateHz) / 1000);
    this.#mixer.pull(block);
    this.#mixer.reportHeard(heard);
    this.#echoTest?.addTo(block, output.sampleRateHz);
    this.#options.chain?.farEnd.write(block);
    if (!this.#mixer.isIdle || this.#echoTest) this.#stayActive();
    const isNewLevel = this.#outputMeter.add(block);
    if (isNewLevel && !this.#input) this.#reportLevels();
    return block;
  }

  #blockSamples(sampleRateHz: number): number {
    return Math.round((sampleRateHz * (this.#isActive ? ACTIVE_PLAYBACK_MS : IDLE_BLOCK_MS)) / 1000);
  }

  get #isActive(): boolean {
    return this.#options.clock.nowMs() < this.#activeUntilMs;
  }

  #stayActive(): void {
    this.#activeUntilMs = this.#options.clock.nowMs() + IDLE_AFTER_MS;
  }

  #reportLevels(): void {
    this.#events.onLevels({ inputDbfs: this.#capture.dbfs, outputDbfs: this.#outputMeter.dbfs });
  }

  #setMicrophone(state: MicrophoneState): void {
    if (state === this.#microphone) return;
    this.#microphone = state;
    this.#events.onMicrophone(state);
  }

  #broken(device: ListedDevice): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#cancelRetry?.();
    this.#setMicrophone('lost');
    this.#mixer.suspend();
    this.#options.onBroken(deviceLost(device));
  }

  async #closeStreams(): Promise<void> {
    const input = this.#input;
    const output = this.#output;
    this.#input = undefined;
    this.#output = undefined;
    await Promise.all([input?.close(), output?.close()]);
  }

  /** Sides that have no device are opened as soon as one is there. PortAudio looks for new ones only while all are closed. */
  #retryLater(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = this.#options.clock.schedule(RETRY_MS, () => {
      void this.#inTurn(() => this.#retry()).catch(() => this.#retryLater());
    });
  }

  async #retry(): Promise<void> {
    if (!this.#isOpen || this.#isBroken || (this.#input && this.#output)) return;
    const selection = this.#selection;
    const devices = this.#input || this.#output ? await this.#options.listFresh() : this.#listHere();
    const input = this.#input ?? findDevice(devices, 'input', selection.inputId);
    const output = this.#output ?? findDevice(devices, 'output', selection.outputId);
    const isBetter = Boolean(input) !== Boolean(this.#input) || Boolean(output) !== Boolean(this.#output);
    if (!isBetter) return this.#retryLater();
    await this.#closeStreams();
    await this.#openNow(selection);
    this.#events.onDevicesChanged(await this.list());
  }
}

function noDevice(kind: Kind): ParleyError {
  const message = kind === 'input' ? 'There is no microphone.' : 'There is no loudspeaker.';
  return new ParleyError({ code: 'no-device', stage: 'audio', retryable: true, message });
}
