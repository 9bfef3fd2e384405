import { CaptureChain } from '../../audio/capture-chain/capture-chain.ts';
import { PlaybackMixer } from '../../audio/playback-mixer.ts';
import { StreamingResampler } from '../../audio/streaming-resampler.ts';
import type { CaptureChainSettings } from '../../contract/capture-chain.ts';
import type { AudioDevice } from '../../contract/state.ts';
import { ParleyError } from '../../contract/errors.ts';
import type { AudioBus, AudioBusEvents, CaptureFrame } from '../../ports/audio-devices.ts';
import type { Clock } from '../../ports/clock.ts';
import { seededRandom } from '../seeded-random.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';
import type { MicrophoneEffect } from './microphone-effects.ts';
import { EchoPath } from './echo-path.ts';
import { Recording } from './recording.ts';

const FRAME_MS = 10;
const FRAME = (ROOM_RATE_HZ * FRAME_MS) / 1000;
/** From the mixer to the air, as a sound card's buffers take; with the capture blocks as long as measured there (65 to 80 ms). */
const PLAYBACK_DELAY_FRAMES = 4;
/** The microphone is handed over in blocks of 20 ms, as PortAudio's is. */
const CAPTURE_BLOCK_FRAMES = 2;
/** Noise of 1.4 steps of PCM16, −87 dBFS: no microphone gives exact zeros. */
const ROOM_TONE = 2 / 32_768;

export interface RoomBusOptions {
  events: AudioBusEvents;
  clock: Clock;
  /** Heard beside the user, over and over. */
  background: Float32Array | undefined;
  effect: MicrophoneEffect | undefined;
  driftPpm: number;
  /** Undefined: a headset, nothing of the loudspeaker comes back. */
  echoDb: number | undefined;
}

/**
 * A simulated room as a sound card, in step with the clock: what is said is heard through the capture chain, with what the loudspeaker
 * plays as its echo, and both sides are recorded.
 */
export class RoomBus implements AudioBus {
  readonly recording = new Recording();
  readonly #options: RoomBusOptions;
  readonly #echo: EchoPath | undefined;
  readonly #tone = seededRandom(13);
  readonly #pace: number;
  #said: { from: number; samples: Float32Array }[] = [];
  #mixer: PlaybackMixer | undefined;
  #chain: CaptureChain | undefined;
  #onWay: Float32Array[] = [];
  #openedAtMs = 0;
  #framesPlayed = 0;
  #framesHeard = 0;
  #block: CaptureFrame[] = [];
  #cancelTick: (() => void) | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(options: RoomBusOptions) {
    this.#options = options;
    this.#pace = 1 + options.driftPpm / 1e6;
    this.#echo = options.echoDb === undefined ? undefined : new EchoPath(options.echoDb);
  }

  /** Sample of the recording that is now. */
  get now(): number {
    if (this.#openedAtMs === 0) return 0;
    return Math.round(((this.#options.clock.nowMs() - this.#openedAtMs) * ROOM_RATE_HZ) / 1000);
  }

  /** Says something from the next frame on. Returns where on the recording its first sample lies. */
  say(samples: Float32Array): number {
    const from = this.#framesHeard * FRAME;
    this.#said.push({ from, samples });
    return this.#onRecording(from);
  }

  /** Resolves with true when the condition, tried every 10 ms, holds; with false when that takes longer. */
  async until(condition: () => boolean, limitSeconds: number): Promise<boolean> {
    const end = this.now + limitSeconds * ROOM_RATE_HZ;
    return new Promise((resolve) => {
      const watcher = (): void => {
        const holds = condition();
        if (!holds && this.now < end) return;
        this.#watchers.delete(watcher);
        resolve(holds);
      };
      this.#watchers.add(watcher);
    });
  }

  list(): Promise<AudioDevice[]> {
    const common = { hostApi: 'room', defaultSampleRateHz: ROOM_RATE_HZ, channels: 1, isDefault: true };
    const device = (kind: 'input' | 'output'): AudioDevice => ({ id: `room:${kind}`, name: 'room', kind, ...common });
    return Promise.resolve([device('input'), device('output')]);
  }

  async open(): Promise<void> {
    if (this.#mixer) return;
    const { events, clock } = this.#options;
    events.onMicrophone('opening');
    const rates = { inputRateHz: ROOM_RATE_HZ, outputRateHz: ROOM_RATE_HZ };
    const resampler = await StreamingResampler.create(rates);
    this.#chain = await CaptureChain.create({
      loadDenoiser: () => Promise.reject(new Error('not part of a simulated room')),
      onState: (state) => events.onChain?.(state),
    });
    this.#chain.startLoudspeaker(ROOM_RATE_HZ);
    const onProgress = events.onPlayback.bind(events);
    this.#mixer = new PlaybackMixer({ outputRateHz: ROOM_RATE_HZ, resampler, onProgress });
    this.#openedAtMs = clock.nowMs();
    events.onMicrophone('ok');
    this.#scheduleTick();
  }

  async play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void> {
    if (!this.#mixer) throw new ParleyError({ code: 'no-device', stage: 'audio', message: 'The room is not open.' });
    await this.#mixer.play(answerNumber, pcm, sampleRateHz);
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

  setCaptureChain(settings: CaptureChainSettings): void {
    this.#chain?.setSettings(settings);
  }

  close(): Promise<void> {
    this.#cancelTick?.();
    this.#mixer?.close();
    this.#mixer = undefined;
    this.#chain?.close();
    return Promise.resolve();
  }

  #onRecording(captureSample: number): number {
    return Math.round(captureSample / this.#pace);
  }

  #scheduleTick(): void {
    const { clock } = this.#options;
    const dueMs = this.#openedAtMs + (this.#framesPlayed + 1) * FRAME_MS;
    this.#cancelTick = clock.schedule(Math.max(0, dueMs - clock.nowMs()), () => this.#tick());
  }

  /** Every frame that is due on either side: an event loop that was held up does not shift the time line. */
  #tick(): void {
    const elapsedFrames = (this.#options.clock.nowMs() - this.#openedAtMs) / FRAME_MS + 1e-6;
    while (this.#mixer && this.#framesPlayed + 1 <= elapsedFrames) {
      const played = this.#playFrame(this.#mixer);
      while (this.#framesHeard < this.#framesPlayed * this.#pace) this.#hearFrame(played);
    }
    if (this.#mixer) this.#scheduleTick();
    for (const watcher of this.#watchers) watcher();
  }

  /** Returns what leaves the loudspeaker now. */
  #playFrame(mixer: PlaybackMixer): Float32Array {
    const block = new Float32Array(FRAME);
    const heard = mixer.pulledSamples - PLAYBACK_DELAY_FRAMES * FRAME;
    mixer.pull(block);
    mixer.reportHeard(heard);
    this.#chain?.farEnd.write(block);
    this.#onWay.push(block);
    const played = this.#onWay.length > PLAYBACK_DELAY_FRAMES ? this.#onWay.shift()! : new Float32Array(FRAME);
    this.recording.addLoudspeaker(played);
    this.#framesPlayed++;
    return played;
  }

  #hearFrame(played: Float32Array): void {
    const { effect, background, events } = this.#options;
    const startSample = this.#framesHeard * FRAME;
    const samples = new Float32Array(FRAME);
    for (let i = 0; i < FRAME; i++) {
      samples[i] = (this.#tone() * 2 - 1) * ROOM_TONE;
      if (background) samples[i]! += background[(startSample + i) % background.length]!;
    }
    this.#addSaid(samples, startSample);
    this.#echo?.pass(played, samples);
    effect?.(samples);
    this.recording.writeMicrophone(this.#onRecording(startSample), samples);
    this.#chain?.process(samples);
    this.#framesHeard++;
    this.#block.push({ startSample, samples });
    if (this.#block.length >= CAPTURE_BLOCK_FRAMES) events.onCapture(this.#block.splice(0));
  }

  #addSaid(frame: Float32Array, startSample: number): void {
    for (const { from, samples } of this.#said) {
      const part = samples.subarray(startSample - from, startSample - from + FRAME);
      for (let i = 0; i < part.length; i++) frame[i]! += part[i]!;
    }
    this.#said = this.#said.filter(({ from, samples }) => from + samples.length > startSample + FRAME);
  }
}
