import { ParleyError } from '../contract/errors.ts';
import type { CaptureChainSettings, EchoTestResult } from '../contract/capture-chain.ts';
import type { AudioDevice, AudioDriver } from '../contract/state.ts';
import type { AudioBus, AudioBusEvents, CaptureFrame, PlaybackProgress } from '../ports/audio-devices.ts';
import { FinishedAnswers } from './finished-answers.ts';
import { SilentBus } from './silent-bus.ts';

/** Makes the bus of a driver; called when the driver is switched to. It reports to the events it is given. */
export type AudioBusFactory = (events: AudioBusEvents) => AudioBus;

interface Current {
  driver: AudioDriver;
  bus: AudioBus;
}

/**
 * The bus that the app holds: one of several, changed at any time. What was playing when it changes is over, with what was heard of
 * it; positions of the microphone go on counting, so that nobody who reads the stream notices more than a gap.
 */
export class SwitchingBus implements AudioBus {
  readonly #events: AudioBusEvents;
  readonly #finished = new FinishedAnswers();
  readonly #open = new Map<number, number>();
  #current: Current;
  #gainDb = 0;
  #isHeld = false;
  #chainSettings: CaptureChainSettings | undefined;
  /** Added to the positions of the current bus. */
  #captureOffset = 0;
  #nextCaptureSample = 0;
  #switching: Promise<void> = Promise.resolve();

  /** Begins with no sound at all. */
  constructor(options: { events: AudioBusEvents }) {
    this.#events = options.events;
    this.#current = { driver: 'none', bus: new SilentBus({ events: this.#relay(() => true) }) };
  }

  get driver(): AudioDriver {
    return this.#current.driver;
  }

  /** Frames of microphone audio go in between two drivers without a hole in the count. */
  get nextCaptureSample(): number {
    return this.#nextCaptureSample;
  }

  /**
   * Closes the current bus and opens another. Switches asked for at the same time are done one after the other. A chosen device that
   * is not there is reported as a problem and replaced by the default one. Rejects when the new bus does not open, and is then
   * `none`; but with `no-device` the bus stays, and opens when there is one.
   */
  switchTo(
    driver: AudioDriver,
    makeBus: AudioBusFactory | undefined,
    selection: { inputId: string | null; outputId: string | null } = { inputId: null, outputId: null },
  ): Promise<void> {
    const switched = this.#switching.then(() => this.#switchNow(driver, makeBus, selection));
    this.#switching = switched.catch(() => {});
    return switched;
  }

  async #switchNow(
    driver: AudioDriver,
    makeBus: AudioBusFactory | undefined,
    selection: { inputId: string | null; outputId: string | null },
  ): Promise<void> {
    await this.#leaveCurrent();
    if (!makeBus) return;
    const current: Current = { driver, bus: makeBus(this.#relay(() => this.#current === current)) };
    this.#current = current;
    this.#captureOffset = this.#nextCaptureSample;
    if (this.#chainSettings) current.bus.setCaptureChain?.(this.#chainSettings);
    try {
      await this.#openOrDefault(current.bus, selection);
    } catch (error) {
      // A bus without a device looks for one by itself and is kept for that.
      if (!(error instanceof ParleyError) || error.code !== 'no-device') await this.#leaveCurrent();
      throw error;
    }
    if (this.#gainDb !== 0) current.bus.setGain(this.#gainDb, 0);
    if (this.#isHeld) current.bus.setHeld(true, 0);
  }

  /** A device that was chosen once and is gone must not leave the user without any. */
  async #openOrDefault(bus: AudioBus, selection: { inputId: string | null; outputId: string | null }): Promise<void> {
    try {
      await bus.open(selection);
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'unknown-device') throw error;
      this.#events.onProblem?.(error);
      await bus.open({ inputId: null, outputId: null });
    }
  }

  async #leaveCurrent(): Promise<void> {
    const { bus } = this.#current;
    await Promise.all([...this.#open.keys()].map((answerNumber) => bus.stopAnswer(answerNumber, 0).catch(() => 0)));
    await bus.close();
    // Answers whose bus could not say so any more.
    for (const [answerNumber, playedSamples] of [...this.#open]) {
      this.#progress({ answerNumber, playedSamples, ended: true });
    }
    const silent: Current = {
      driver: 'none',
      bus: new SilentBus({ events: this.#relay(() => this.#current === silent) }),
    };
    this.#current = silent;
  }

  list(): Promise<AudioDevice[]> {
    return this.#current.bus.list();
  }

  open(selection: { inputId: string | null; outputId: string | null }): Promise<void> {
    return this.#current.bus.open(selection);
  }

  async play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void> {
    if (this.#finished.has(answerNumber)) return;
    if (!this.#open.has(answerNumber)) this.#open.set(answerNumber, 0);
    await this.#current.bus.play(answerNumber, pcm, sampleRateHz);
  }

  endAnswer(answerNumber: number): void {
    if (!this.#finished.has(answerNumber)) this.#current.bus.endAnswer(answerNumber);
  }

  async stopAnswer(answerNumber: number, fadeMs?: number): Promise<number> {
    return this.#finished.playedSamples(answerNumber) ?? this.#current.bus.stopAnswer(answerNumber, fadeMs);
  }

  setHeld(held: boolean, fadeMs?: number): void {
    this.#isHeld = held;
    this.#current.bus.setHeld(held, fadeMs);
  }

  setGain(gainDb: number, rampMs: number): void {
    this.#gainDb = gainDb;
    this.#current.bus.setGain(gainDb, rampMs);
  }

  setCaptureChain(settings: CaptureChainSettings): void {
    this.#chainSettings = settings;
    this.#current.bus.setCaptureChain?.(settings);
  }

  /** See AudioBus.testEcho. Throws `no-device` where sound is treated elsewhere. */
  async testEcho(): Promise<EchoTestResult> {
    const { bus } = this.#current;
    if (bus.testEcho) return bus.testEcho();
    throw new ParleyError({ code: 'no-device', stage: 'audio', message: 'This device has no capture chain.' });
  }

  async close(): Promise<void> {
    await this.#switching;
    await this.#leaveCurrent();
  }

  /** Events of a bus that is no longer the current one are of no use to anybody. */
  #relay(isCurrent: () => boolean): AudioBusEvents {
    return {
      onCapture: (frames) => isCurrent() && this.#capture(frames),
      onPlayback: (progress) => isCurrent() && this.#progress(progress),
      onMicrophone: (state) => isCurrent() && this.#events.onMicrophone(state),
      onDevicesChanged: (devices) => isCurrent() && this.#events.onDevicesChanged(devices),
      onLevels: (levels) => isCurrent() && this.#events.onLevels(levels),
      onChain: (state) => isCurrent() && this.#events.onChain?.(state),
      onProblem: (problem) => isCurrent() && this.#events.onProblem?.(problem),
    };
  }

  #capture(frames: CaptureFrame[]): void {
    const moved = frames.map(({ startSample, samples }) => ({
      startSample: startSample + this.#captureOffset,
      samples,
    }));
    const last = moved.at(-1);
    if (last) this.#nextCaptureSample = last.startSample + last.samples.length;
    this.#events.onCapture(moved);
  }

  #progress(progress: PlaybackProgress): void {
    const { answerNumber, playedSamples, ended } = progress;
    if (this.#finished.has(answerNumber)) return;
    this.#open.set(answerNumber, playedSamples);
    if (ended) {
      this.#open.delete(answerNumber);
      this.#finished.add(answerNumber, playedSamples);
    }
    this.#events.onPlayback(progress);
  }
}
