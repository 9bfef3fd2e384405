import { AnswerLedger } from '../audio/answer-ledger.ts';
import { CAPTURE_FRAME_SAMPLES } from '../contract/audio-format.ts';
import type { CaptureChainSettings, EchoTestResult } from '../contract/capture-chain.ts';
import { ParleyError } from '../contract/errors.ts';
import type { AudioDevice, ChildStatus, MicrophoneState } from '../contract/state.ts';
import type { AudioBus, AudioBusEvents, CaptureFrame, PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { AudioCalls, AudioCommands, AudioReports } from './audio-protocol.ts';
import type { RpcClient } from './rpc-peer.ts';

/** The audio child: started, stopped and watched by this client, restarted after crashes by itself. */
export interface AudioChild extends RpcClient {
  readonly status: ChildStatus;
  readonly error?: ParleyError | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
  onStatus(listener: (status: ChildStatus) => void): () => void;
}

export interface AudioClientOptions {
  rpc: AudioChild;
  clock: Clock;
  events: AudioBusEvents;
}

interface Selection {
  inputId: string | null;
  outputId: string | null;
}

/** Devices are probed one by one when they are listed, and take up to 3 s to begin. */
const OPEN_LIMIT_MS = 10_000;
/** The test itself gives up after 15 s. */
const TEST_LIMIT_MS = 20_000;
const STOP_ANSWER_LIMIT_MS = 1000;
/** A device that dies again and again is not hammered. */
const MIN_REVIVAL_INTERVAL_MS = 2000;

/**
 * The sound card as the app sees it. Keeps what was not heard yet, so that an answer goes on in a new audio child at the sample
 * at which the one before died, and positions of the microphone go on counting.
 */
export class AudioClient implements AudioBus {
  readonly #rpc: AudioChild;
  readonly #clock: Clock;
  readonly #events: AudioBusEvents;
  readonly #ledger: AnswerLedger;
  readonly #unsubscribe: (() => void)[];
  #selection: Selection | undefined;
  #nextCaptureSample = 0;
  #gainDb = 0;
  #isHeld = false;
  #chainSettings: CaptureChainSettings | undefined;
  /** The child that is up has the devices open and every answer that is not over. */
  #isSettled = false;
  #isReviving = false;
  #revivedAtMs = -Infinity;
  #microphone: MicrophoneState = 'off';

  constructor(options: AudioClientOptions) {
    const { rpc } = options;
    this.#rpc = rpc;
    this.#clock = options.clock;
    this.#events = options.events;
    this.#ledger = new AnswerLedger((progress) => this.#events.onPlayback(progress));
    this.#unsubscribe = [
      rpc.onNotify('tick', (tick: AudioReports['tick']) => this.#tick(tick)),
      rpc.onNotify('microphone', ({ state }: AudioReports['microphone']) => this.#setMicrophone(state)),
      rpc.onNotify('devices', ({ devices }: AudioReports['devices']) => this.#events.onDevicesChanged(devices)),
      rpc.onNotify('chain', ({ state }: AudioReports['chain']) => this.#events.onChain?.(state)),
      rpc.onNotify('problem', ({ error }: AudioReports['problem']) => this.#problem(ParleyError.deserialise(error))),
      rpc.onNotify('broken', ({ error }: AudioReports['broken']) => void this.#replaceChild(error)),
      rpc.onStatus((status) => this.#onStatus(status)),
    ];
  }

  async list(): Promise<AudioDevice[]> {
    await this.#rpc.start();
    return this.#call('list', null, OPEN_LIMIT_MS);
  }

  /** Starts the child when it is not running. */
  async open(selection: Selection): Promise<void> {
    await this.#rpc.start();
    const previous = this.#selection;
    this.#selection = selection;
    if (!this.#isSettled) this.#settle();
    try {
      await this.#call('open', selection, OPEN_LIMIT_MS);
    } catch (error) {
      const { code } = ParleyError.from(error, 'audio');
      // The child goes on looking for a missing device by itself; a wrong choice changes nothing.
      if (code === 'unknown-device') this.#selection = previous;
      else if (code === 'no-device') this.#setMicrophone('lost');
      throw error;
    }
  }

  async play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void> {
    if (this.#rpc.status === 'failed')
      throw this.#rpc.error ?? new ParleyError({ code: 'child-gave-up', stage: 'audio' });
    if (!this.#ledger.add(answerNumber, pcm, sampleRateHz)) return;
    if (this.#isSettled) this.#notify('play', { answerNumber, pcm, sampleRateHz });
    await this.#ledger.whenBelowBound(answerNumber);
  }

  endAnswer(answerNumber: number): void {
    const isNew = this.#ledger.complete(answerNumber);
    if (isNew && this.#isSettled) this.#notify('endAnswer', { answerNumber });
    if (!this.#isSettled && this.#rpc.status === 'failed') this.#ledger.endAll();
  }

  async stopAnswer(answerNumber: number, fadeMs?: number): Promise<number> {
    const finished = this.#ledger.finishedCount(answerNumber);
    if (finished !== undefined) return finished;
    const base = this.#ledger.drop(answerNumber);
    if (!this.#isSettled) return this.#ledger.end(answerNumber);
    try {
      return base + (await this.#call('stopAnswer', { answerNumber, fadeMs }, STOP_ANSWER_LIMIT_MS));
    } catch {
      // The child died: nothing sounds any more, and what it last said is what was heard.
      return this.#ledger.end(answerNumber);
    }
  }

  setHeld(held: boolean, fadeMs?: number): void {
    this.#isHeld = held;
    this.#notify('setHeld', { held, fadeMs });
  }

  setGain(gainDb: number, rampMs: number): void {
    this.#gainDb = gainDb;
    this.#notify('setGain', { gainDb, rampMs });
  }

  setCaptureChain(settings: CaptureChainSettings): void {
    this.#chainSettings = settings;
    if (this.#isSettled) this.#notify('setCaptureChain', { settings });
  }

  /** See AudioBus.testEcho. */
  testEcho(): Promise<EchoTestResult> {
    return this.#call('testEcho', null, TEST_LIMIT_MS);
  }

  /** Ends every answer, lets go of the devices and stops the child. */
  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#selection = undefined;
    this.#isSettled = false;
    this.#ledger.endAll();
    this.#setMicrophone('off');
    await this.#rpc.stop();
  }

  #call<Name extends keyof AudioCalls>(
    name: Name,
    params: AudioCalls[Name]['params'],
    timeoutMs: number,
  ): Promise<AudioCalls[Name]['result']> {
    return this.#rpc.call<AudioCalls[Name]['result']>(name, params, { timeoutMs });
  }

  #notify<Name extends keyof AudioCommands>(name: Name, params: AudioCommands[Name]): void {
    this.#rpc.notify(name, params);
  }

  #tick(tick: AudioReports['tick']): void {
    if (tick.captured) this.#capture(tick.captured);
    for (const progress of tick.progress ?? []) this.#progress(progress);
    if (tick.levels) this.#events.onLevels(tick.levels);
  }

  #capture(samples: Float32Array): void {
    const frames: CaptureFrame[] = [];
    for (let at = 0; at < samples.length; at += CAPTURE_FRAME_SAMPLES) {
      frames.push({ startSample: this.#nextCaptureSample, samples: samples.subarray(at, at + CAPTURE_FRAME_SAMPLES) });
      this.#nextCaptureSample += CAPTURE_FRAME_SAMPLES;
    }
    this.#events.onCapture(frames);
  }

  #progress(progress: PlaybackProgress): void {
    if (this.#isSettled) this.#ledger.heard(progress);
  }

  #setMicrophone(state: MicrophoneState): void {
    if (state === this.#microphone) return;
    this.#microphone = state;
    this.#events.onMicrophone(state);
  }

  #problem(problem: ParleyError): void {
    this.#events.onProblem?.(problem);
  }

  #onStatus(status: ChildStatus): void {
    if (status === 'ready' || status === 'busy' || status === 'unresponsive') {
      if (!this.#isSettled && this.#selection) void this.#revive();
      return;
    }
    if (!this.#selection) return;
    this.#isSettled = false;
    this.#setMicrophone('lost');
    if (status === 'failed') this.#ledger.endAll();
  }

  /** A device died and its process cannot be used any more. */
  async #replaceChild(error: AudioReports['broken']['error']): Promise<void> {
    this.#isSettled = false;
    this.#setMicrophone('lost');
    this.#problem(ParleyError.deserialise(error));
    const sinceMs = this.#clock.nowMs() - this.#revivedAtMs;
    if (sinceMs < MIN_REVIVAL_INTERVAL_MS) await this.#wait(MIN_REVIVAL_INTERVAL_MS - sinceMs);
    await this.#rpc.stop();
    if (this.#selection) await this.#rpc.start().catch(() => {});
  }

  /** Opens in a new child what was open in the one before; a chosen device that is gone is replaced by the system's own. */
  async #revive(): Promise<void> {
    if (this.#isReviving) return;
    this.#isReviving = true;
    this.#revivedAtMs = this.#clock.nowMs();
    try {
      const selection = this.#selection!;
      await this.open(selection).catch((error: unknown) => {
        if (ParleyError.from(error, 'audio').code !== 'unknown-device') throw error;
        this.#problem(ParleyError.from(error, 'audio'));
        return this.open({ inputId: null, outputId: null });
      });
    } catch (error) {
      if (this.#selection) this.#problem(ParleyError.from(error, 'audio'));
    } finally {
      this.#isReviving = false;
    }
  }

  /** Gives a new child everything that was not heard yet, before anything newer can reach it. */
  #settle(): void {
    this.#isSettled = true;
    if (this.#gainDb !== 0) this.#notify('setGain', { gainDb: this.#gainDb, rampMs: 0 });
    if (this.#chainSettings) this.#notify('setCaptureChain', { settings: this.#chainSettings });
    if (this.#isHeld) this.#notify('setHeld', { held: true, fadeMs: 0 });
    for (const { answerNumber, sampleRateHz, chunks, isComplete } of this.#ledger.takeUnheard()) {
      for (const pcm of chunks) this.#notify('play', { answerNumber, pcm, sampleRateHz });
      if (isComplete) this.#notify('endAnswer', { answerNumber });
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.schedule(ms, resolve));
  }
}
