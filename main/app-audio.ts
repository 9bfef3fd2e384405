import { encodeAudioFrame } from './contract/audio-frame.ts';
import { BrowserBus } from './audio/browser-bus.ts';
import { SwitchingBus, type AudioBusFactory } from './audio/switching-bus.ts';
import { AudioClient } from './children/audio-client.ts';
import type { SupervisedChild } from './children/supervised-child.ts';
import type { AppActions } from './client-sessions.ts';
import { captureChainSettingsSchema } from './contract/capture-chain.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { AudioState } from './contract/state.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { AudioBus, CaptureFrame, PlaybackProgress } from './ports/audio-devices.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { ClientConnection } from './transport/app-endpoint.ts';

/** What a run speaks through: a driver by name, or WAV files (or anything else) by a factory. */
export type AudioSource = 'portaudio' | 'browser' | 'none' | { file: AudioBusFactory };

export interface AppAudioOptions {
  clock: Clock;
  logger: Logger;
  settings: SettingsStore;
  store: AppStateStore;
  audio?: AudioSource;
  audioChild: SupervisedChild;
  report(error: SerialisedError): void;
  onCapture(frames: CaptureFrame[]): void;
  onPlayback(progress: PlaybackProgress): void;
  onLevels(levels: { inputDbfs: number; outputDbfs: number }): void;
}

type AudioActions = Pick<
  AppActions,
  | 'chooseDevice'
  | 'refreshDevices'
  | 'setCaptureChain'
  | 'useBrowserAudio'
  | 'releaseBrowserAudio'
  | 'browserAudioFrame'
  | 'browserPlayed'
>;

/** The app's microphone and loudspeaker: which driver it is, and what the user chooses of it. */
export class AppAudio {
  readonly #options: AppAudioOptions;
  readonly #bus: SwitchingBus;
  /** The tab that is the audio device, and its bus. */
  #browser: { connection: ClientConnection; bus: BrowserBus } | null = null;

  constructor(options: AppAudioOptions) {
    this.#options = options;
    this.#bus = new SwitchingBus({
      events: {
        onCapture: options.onCapture,
        onPlayback: options.onPlayback,
        onLevels: options.onLevels,
        onMicrophone: (microphone) => {
          this.#update({ microphone });
          if (microphone === 'blocked') this.#report(new ParleyError({ code: 'microphone-blocked', stage: 'audio' }));
          if (microphone === 'ok') this.#solved();
        },
        onDevicesChanged: (devices) => this.#update({ devices }),
        onChain: (chain) => this.#update({ chain }),
        onProblem: (problem) => this.#report(problem),
      },
    });
    this.#bus.setCaptureChain(captureChainSettingsSchema.parse(options.settings.current));
  }

  get bus(): AudioBus {
    return this.#bus;
  }

  get isFile(): boolean {
    return typeof this.#options.audio === 'object';
  }

  /** Opens what this run speaks through. Does not reject for a missing device: that is a problem in the state, and is tried again. */
  async open(): Promise<void> {
    const { audio, settings } = this.#options;
    const source = audio ?? settings.current.audioDriver;
    if (typeof source === 'object') {
      await this.#bus.switchTo('file', source.file);
      this.#update({ driver: 'file', devices: await this.#bus.list() });
    } else if (source === 'portaudio') await this.#usePortAudio();
    else this.#update({ driver: 'none', microphone: 'off' });
  }

  async close(): Promise<void> {
    await this.#bus.close();
  }

  readonly actions: AudioActions = {
    chooseDevice: async (kind, deviceId) => {
      const { settings, store } = this.#options;
      const change = kind === 'input' ? { inputId: deviceId } : { outputId: deviceId };
      const { inputId, outputId } = { ...store.state.audio, ...change };
      await settings.update({ inputDeviceId: inputId, outputDeviceId: outputId, audioDriver: 'portaudio' });
      if (this.#bus.driver === 'portaudio') await this.#bus.open({ inputId, outputId });
      else await this.#usePortAudio();
      this.#update(change);
    },
    refreshDevices: async () => {
      this.#update({ devices: await this.#bus.list() });
    },
    setCaptureChain: async (chainSettings) => {
      await this.#options.settings.update(chainSettings);
      this.#bus.setCaptureChain(chainSettings);
    },
    useBrowserAudio: async (connection) => {
      if (!connection.carriesAudio) {
        throw new ParleyError({ code: 'bad-command', stage: 'audio', message: 'this window carries no audio' });
      }
      await this.#bus.switchTo('browser', (events) => this.#browserBus(connection, events));
      this.#update({ driver: 'browser', devices: [], inputId: null, outputId: null, chain: null });
    },
    releaseBrowserAudio: async (connection) => {
      if (this.#browser?.connection !== connection) return;
      this.#browser = null;
      const { audio, settings } = this.#options;
      const source = audio ?? settings.current.audioDriver;
      if (source === 'portaudio') return this.#usePortAudio();
      await this.#bus.switchTo('none', undefined);
      this.#update({ driver: 'none', microphone: 'off', devices: [], chain: null });
    },
    browserAudioFrame: (connection, frame) => {
      if (this.#browser?.connection === connection) this.#browser.bus.receiveMicrophone(frame);
    },
    browserPlayed: (connection, progress) => {
      if (this.#browser?.connection === connection) this.#browser.bus.receivePlayed(progress);
    },
  };

  #browserBus(connection: ClientConnection, events: Parameters<AudioBusFactory>[0]): BrowserBus {
    const bus = new BrowserBus({
      events,
      clock: this.#options.clock,
      peer: {
        sendFrame: (frame) => connection.sendAudio(encodeAudioFrame(frame)),
        sendEvent: (event) => connection.send(event),
      },
    });
    this.#browser = { connection, bus };
    return bus;
  }

  async #usePortAudio(): Promise<void> {
    const { audioChild, clock, settings } = this.#options;
    const selection = { inputId: settings.current.inputDeviceId, outputId: settings.current.outputDeviceId };
    this.#update({ driver: 'portaudio', ...selection });
    try {
      await audioChild.start();
      await this.#bus.switchTo('portaudio', (events) => new AudioClient({ rpc: audioChild, clock, events }), selection);
      this.#update({ driver: 'portaudio', devices: await this.#bus.list() });
    } catch (cause) {
      this.#report(ParleyError.from(cause, 'audio'));
    }
  }

  #update(change: Partial<AudioState>): void {
    const { store } = this.#options;
    store.update({ audio: { ...store.state.audio, ...change } });
  }

  #report(error: ParleyError): void {
    this.#options.logger.warn('audio problem', { error });
    this.#options.report(error.serialise());
  }

  /** Sound comes in again: what was said of the device before is no longer true. */
  #solved(): void {
    const { store } = this.#options;
    const problems = store.state.problems.filter(({ error }) => error.stage !== 'audio');
    if (problems.length !== store.state.problems.length) store.update({ problems });
  }
}
