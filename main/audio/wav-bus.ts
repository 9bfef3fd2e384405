import path from 'node:path';
import { CAPTURE_FRAME_SAMPLES, CAPTURE_RATE_HZ } from '../contract/audio-format.ts';
import { ParleyError } from '../contract/errors.ts';
import type { AudioDevice } from '../contract/state.ts';
import type { AudioBus, AudioBusEvents } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import { LevelMeter } from './level-meter.ts';
import { PlaybackMixer } from './playback-mixer.ts';
import { resampleWhole, StreamingResampler } from './streaming-resampler.ts';
import { readWavFile } from './wav-reader.ts';
import { WavWriter } from './wav-writer.ts';

const FRAME_MS = 10;
/** The output file is whole up to the last of these when the process is killed. */
const CHECKPOINT_FRAMES = 50;
const LEVEL_FRAMES = 5;

export interface WavBusOptions {
  events: AudioBusEvents;
  clock: Clock;
  /** What is said into the microphone; silence follows it, and is all there is without it. */
  inputPath?: string;
  /** Where what the loudspeaker plays is written, on the time line of the input. */
  outputPath?: string;
  /** Default 48 000. */
  outputRateHz?: number;
  /** `stereo`: left is the microphone, right the loudspeaker. Default `mono`: the loudspeaker. */
  outputLayout?: 'mono' | 'stereo';
  /** How much faster than real time the clock's time passes for the audio. Default 1. */
  speed?: number;
}

/** WAV files as microphone and loudspeaker, in step with the injected clock. */
export class WavBus implements AudioBus {
  readonly #options: WavBusOptions;
  readonly #events: AudioBusEvents;
  readonly #outputRateHz: number;
  readonly #inputMeter = new LevelMeter({ sampleRateHz: CAPTURE_RATE_HZ });
  readonly #outputMeter: LevelMeter;
  #mixer: PlaybackMixer | undefined;
  #writer: WavWriter | undefined;
  #input: Float32Array = new Float32Array(0);
  /** The same at the output's rate, for the left channel. */
  #inputCopy: Float32Array = new Float32Array(0);
  #openedAtMs = 0;
  #framesDone = 0;
  #cancelTick: (() => void) | undefined;

  constructor(options: WavBusOptions) {
    this.#options = options;
    this.#events = options.events;
    this.#outputRateHz = options.outputRateHz ?? 48_000;
    this.#outputMeter = new LevelMeter({ sampleRateHz: this.#outputRateHz });
  }

  /** Length of the input at its own speed; 0 before `open`. */
  get inputDurationMs(): number {
    return (this.#input.length / CAPTURE_RATE_HZ) * 1000;
  }

  /** Time on the audio's own line since `open`. */
  get positionMs(): number {
    return this.#framesDone * FRAME_MS;
  }

  list(): Promise<AudioDevice[]> {
    const { inputPath, outputPath } = this.#options;
    return Promise.resolve([
      fileDevice('input', inputPath, CAPTURE_RATE_HZ),
      fileDevice('output', outputPath, this.#outputRateHz),
    ]);
  }

  /** Reads the input and begins. Throws `audio-file-bad`. Opening again changes nothing: a file cannot be swapped. */
  async open(selection: { inputId: string | null; outputId: string | null }): Promise<void> {
    const known = new Set((await this.list()).map((device) => device.id));
    for (const id of [selection.inputId, selection.outputId]) {
      if (id !== null && !known.has(id)) throw new ParleyError({ code: 'unknown-device', stage: 'audio', detail: id });
    }
    if (this.#mixer) return;
    this.#events.onMicrophone('opening');
    await this.#readInput();
    const { outputPath, outputLayout, clock } = this.#options;
    const rate = this.#outputRateHz;
    if (outputPath) {
      const channels = outputLayout === 'stereo' ? 2 : 1;
      this.#writer = new WavWriter({ filePath: outputPath, sampleRateHz: rate, channels });
    }
    const resampler = await StreamingResampler.create({ inputRateHz: rate, outputRateHz: rate });
    const onProgress = (progress: Parameters<AudioBusEvents['onPlayback']>[0]) => this.#events.onPlayback(progress);
    this.#mixer = new PlaybackMixer({ outputRateHz: rate, resampler, onProgress });
    this.#openedAtMs = clock.nowMs();
    this.#events.onMicrophone('ok');
    this.#scheduleTick();
  }

  async play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void> {
    await this.#openMixer().play(answerNumber, pcm, sampleRateHz);
  }

  endAnswer(answerNumber: number): void {
    this.#mixer?.endAnswer(answerNumber);
  }

  async stopAnswer(answerNumber: number, fadeMs?: number): Promise<number> {
    return this.#mixer?.stopAnswer(answerNumber, fadeMs) ?? 0;
  }

  setHeld(held: boolean, fadeMs?: number): void {
    this.#mixer?.setHeld(held, fadeMs);
  }

  setGain(gainDb: number, rampMs: number): void {
    this.#mixer?.setGain(gainDb, rampMs);
  }

  close(): Promise<void> {
    this.#cancelTick?.();
    this.#mixer?.close();
    this.#mixer = undefined;
    this.#writer?.close();
    this.#events.onMicrophone('off');
    return Promise.resolve();
  }

  async #readInput(): Promise<void> {
    const { inputPath, outputLayout } = this.#options;
    if (!inputPath) return;
    const audio = await readWavFile(inputPath);
    const atRate = (outputRateHz: number) =>
      resampleWhole(audio.samples, { inputRateHz: audio.sampleRateHz, outputRateHz, quality: 'best' });
    this.#input = await atRate(CAPTURE_RATE_HZ);
    if (outputLayout === 'stereo') this.#inputCopy = await atRate(this.#outputRateHz);
  }

  #openMixer(): PlaybackMixer {
    if (!this.#mixer) throw new ParleyError({ code: 'no-device', stage: 'audio', message: 'The device is not open.' });
    return this.#mixer;
  }

  #scheduleTick(): void {
    const { clock, speed = 1 } = this.#options;
    const dueMs = this.#openedAtMs + ((this.#framesDone + 1) * FRAME_MS) / speed;
    this.#cancelTick = clock.schedule(Math.max(0, dueMs - clock.nowMs()), () => this.#tick());
  }

  /** Does every frame that is due, so that an event loop that was held up does not shift the time line. */
  #tick(): void {
    const { clock, speed = 1 } = this.#options;
    const dueFrames = Math.round(((clock.nowMs() - this.#openedAtMs) * speed) / FRAME_MS);
    while (this.#mixer && this.#framesDone < dueFrames) this.#frame(this.#mixer);
    if (this.#mixer) this.#scheduleTick();
  }

  #frame(mixer: PlaybackMixer): void {
    const startSample = this.#framesDone * CAPTURE_FRAME_SAMPLES;
    const samples = sliceWithSilence(this.#input, startSample, CAPTURE_FRAME_SAMPLES);
    const outputStart = Math.round((this.#framesDone * this.#outputRateHz * FRAME_MS) / 1000);
    this.#framesDone++;
    const outputEnd = Math.round((this.#framesDone * this.#outputRateHz * FRAME_MS) / 1000);
    const played = new Float32Array(outputEnd - outputStart);
    mixer.pull(played);
    mixer.reportHeard(mixer.pulledSamples);
    if (this.#options.outputLayout === 'stereo') {
      this.#writer?.write(sliceWithSilence(this.#inputCopy, outputStart, played.length), played);
    } else this.#writer?.write(played);
    if (this.#framesDone % CHECKPOINT_FRAMES === 0) this.#writer?.checkpoint();
    this.#inputMeter.add(samples);
    this.#outputMeter.add(played);
    this.#events.onCapture([{ startSample, samples }]);
    if (this.#framesDone % LEVEL_FRAMES === 0) {
      this.#events.onLevels({ inputDbfs: this.#inputMeter.dbfs, outputDbfs: this.#outputMeter.dbfs });
    }
  }
}

function sliceWithSilence(samples: Float32Array, start: number, length: number): Float32Array {
  const slice = new Float32Array(length);
  slice.set(samples.subarray(start, start + length));
  return slice;
}

function fileDevice(kind: 'input' | 'output', filePath: string | undefined, sampleRateHz: number): AudioDevice {
  const name = filePath ? path.basename(filePath) : 'silence';
  const common = { hostApi: 'file', defaultSampleRateHz: sampleRateHz, channels: 1, isDefault: true };
  return { id: `file:${kind}`, name, kind, ...common };
}
