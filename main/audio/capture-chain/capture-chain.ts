import {
  DEFAULT_CAPTURE_CHAIN,
  type CaptureChainSettings,
  type CaptureChainState,
  type HalfDuplexReason,
} from '../../contract/capture-chain.ts';
import type { Denoiser } from '../../ports/denoiser.ts';
import { GainRamp } from '../gain-ramp.ts';
import { AutomaticGain } from './automatic-gain.ts';
import { DuplexPolicy, isCleanWindow } from './duplex-policy.ts';
import { EchoCanceller } from './echo-canceller.ts';
import { EchoGuard } from './echo-guard.ts';
import type { EchoWindow } from './echo-meter.ts';
import { EchoStage } from './echo-stage.ts';
import { FarEnd } from './far-end.ts';
import { HighPass } from './high-pass.ts';
import { NoisePolicy } from './noise-policy.ts';
import { energyOf, RoomLevels } from './room-levels.ts';
import { ShownState } from './shown-state.ts';
import { SwitchedStage } from './switched-stage.ts';

export interface CaptureChainOptions {
  settings?: CaptureChainSettings;
  /** Loads noise suppression; called once, when it is wanted first. */
  loadDenoiser: () => Promise<Denoiser>;
  /** Called when something that a user can see has changed, at most twice a second. */
  onState: (state: CaptureChainState) => void;
}

/** A frame before and after the chain, and what the loudspeaker was given with it. */
export interface ChainFrame {
  near: Float32Array;
  far: Float32Array;
  /** Before muting. */
  clean: Float32Array;
}

const MUTE_FADE_SAMPLES = 80;
/** An echo window shows the echo alone when the microphone's level follows the loudspeaker's so closely. */
const PURE_ECHO_LIKENESS = 0.7;
const AUDIBLE_ABOVE_FLOOR_DB = 6;
const ERLE_SMOOTHING = 0.5;

/** The stages between the microphone and whoever listens, in their order: high-pass, echo, noise, gain, muting. */
export class CaptureChain {
  readonly farEnd: FarEnd;
  readonly #options: CaptureChainOptions;
  readonly #echo: EchoStage;
  readonly #hasCanceller: boolean;
  readonly #levels = new RoomLevels();
  readonly #noisePolicy = new NoisePolicy();
  readonly #duplexPolicy = new DuplexPolicy();
  readonly #guard = new EchoGuard();
  readonly #gain = new AutomaticGain();
  readonly #mute = new GainRamp();
  readonly #shown: ShownState;
  #settings: CaptureChainSettings;
  #highPass = new HighPass();
  #denoiser: Denoiser | undefined;
  #denoise: SwitchedStage | undefined;
  #denoiserLoad: 'not-yet' | 'loading' | 'loaded' | 'failed' = 'not-yet';
  #erleDb: number | null = null;
  #isMuted = false;
  #isClosed = false;
  #tap: ((frame: ChainFrame) => void) | undefined;

  private constructor(options: CaptureChainOptions, parts: { farEnd: FarEnd; canceller: EchoCanceller | undefined }) {
    this.#options = options;
    this.#settings = options.settings ?? DEFAULT_CAPTURE_CHAIN;
    this.farEnd = parts.farEnd;
    this.#echo = new EchoStage(parts);
    this.#hasCanceller = parts.canceller !== undefined;
    this.#shown = new ShownState(options.onState);
  }

  /** Without the canceller (its WebAssembly cannot be loaded) the chain works, says so, and falls back to half duplex. */
  static async create(options: CaptureChainOptions): Promise<CaptureChain> {
    const canceller = await EchoCanceller.load().catch(() => undefined);
    return new CaptureChain(options, { farEnd: await FarEnd.create(), canceller });
  }

  get settings(): CaptureChainSettings {
    return this.#settings;
  }

  /** Echo windows are judged anew: what was true of the stages before is not of these. */
  setSettings(settings: CaptureChainSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (settings.duplex !== before.duplex || settings.echoCancellation !== before.echoCancellation) this.forgetEcho();
    if (!settings.automaticGain) this.#gain.reset();
    if (settings.highPass && !before.highPass) this.#highPass = new HighPass();
    this.#shown.update(this.#state());
  }

  /** Sound is given to a loudspeaker of that rate from now on. */
  startLoudspeaker(sampleRateHz: number): void {
    this.farEnd.restart(sampleRateHz);
    this.forgetEcho();
  }

  /** Another loudspeaker or microphone: whether its echo can be cancelled is not known. */
  forgetEcho(): void {
    this.#duplexPolicy.reset();
    this.#guard.reset();
    this.#echo.forgetEcho();
    this.#erleDb = null;
  }

  /** Shows every frame to `tap`, for a test of the room; undefined ends it. The arrays are used again. */
  setTap(tap: ((frame: ChainFrame) => void) | undefined): void {
    this.#tap = tap;
  }

  get noiseFloorDbfs(): number {
    return this.#levels.noiseFloorDbfs;
  }

  /** One capture frame (10 ms at 16 kHz), in place. */
  process(frame: Float32Array): void {
    const settings = this.#settings;
    if (settings.highPass) this.#highPass.process(frame);
    const near = this.#tap && frame.slice();
    const { noiseFloorDbfs } = this.#levels;
    // Nobody hears what a microphone that is off anyway would hear of the loudspeaker.
    const isEnabled = settings.echoCancellation && settings.duplex !== 'half';
    const window = this.#echo.process(frame, { isEnabled, noiseFloorDbfs });
    if (window) this.#judge(window, noiseFloorDbfs);
    const isGuarded = this.#isGuarded(frame, noiseFloorDbfs);
    const isEchoFree = !this.#echo.isPlaying && !this.#echo.isCancelling;
    const isSpeech = isEchoFree && this.#levels.add(energyOf(frame));
    this.#suppressNoise(frame, isEchoFree);
    if (settings.automaticGain) this.#gain.process(frame, { speechDbfs: this.#levels.speechDbfs, isSpeech });
    if (this.#tap && near) this.#tap({ near, far: this.#echo.farFrame, clean: frame.slice() });
    this.#muteWhilePlaying(frame, isGuarded);
    this.#shown.frame(() => this.#state());
  }

  close(): void {
    this.#isClosed = true;
    this.#echo.close();
    this.farEnd.close();
    this.#denoiser?.close();
  }

  #judge(window: EchoWindow, noiseFloorDbfs: number): void {
    this.#duplexPolicy.update(window, noiseFloorDbfs);
    this.#guard.learn(window, isCleanWindow(window, noiseFloorDbfs));
    const isEcho =
      window.nearDbfs > noiseFloorDbfs + AUDIBLE_ABOVE_FLOOR_DB && window.nearLikeness > PURE_ECHO_LIKENESS;
    if (!isEcho) return;
    this.#erleDb ??= window.erleDb;
    this.#erleDb += (window.erleDb - this.#erleDb) * ERLE_SMOOTHING;
  }

  /** Only where half duplex would be allowed, too. */
  #isGuarded(frame: Float32Array, noiseFloorDbfs: number): boolean {
    if (!this.#echo.isPlaying || this.#echo.isEchoAbsent || this.#settings.duplex !== 'auto') return false;
    if (this.#echo.isSlipping) this.#guard.arm();
    return this.#guard.mutes({ far: energyOf(this.#echo.farFrame), residual: energyOf(frame), noiseFloorDbfs });
  }

  #suppressNoise(frame: Float32Array, isEchoFree: boolean): void {
    const { noiseSuppression } = this.#settings;
    if (isEchoFree) this.#noisePolicy.update(this.#levels);
    const isWanted = noiseSuppression === 'on' || (noiseSuppression === 'auto' && this.#noisePolicy.isOn);
    if (isWanted && this.#denoiserLoad === 'not-yet') void this.#loadDenoiser();
    this.#denoise?.process(frame, isWanted);
  }

  async #loadDenoiser(): Promise<void> {
    this.#denoiserLoad = 'loading';
    try {
      const denoiser = await this.#options.loadDenoiser();
      if (this.#isClosed) return denoiser.close();
      this.#denoiser = denoiser;
      this.#denoise = new SwitchedStage({
        work: (frame) => denoiser.process(frame),
        delaySamples: denoiser.delaySamples,
      });
      this.#denoiserLoad = 'loaded';
    } catch {
      this.#denoiserLoad = 'failed';
    }
  }

  get #halfDuplexReason(): HalfDuplexReason | null {
    const { duplex } = this.#settings;
    if (duplex === 'half') return 'setting';
    return duplex === 'auto' && this.#duplexPolicy.isHalf ? 'echo-not-cancelled' : null;
  }

  #muteWhilePlaying(frame: Float32Array, isGuarded: boolean): void {
    const isMuted = isGuarded || (this.#echo.isPlaying && this.#halfDuplexReason !== null);
    if (isMuted !== this.#isMuted) this.#mute.moveTo(isMuted ? 0 : 1, MUTE_FADE_SAMPLES);
    this.#isMuted = isMuted;
    this.#mute.apply(frame);
  }

  #state(): CaptureChainState {
    const halfDuplexReason = this.#halfDuplexReason;
    const unavailable: CaptureChainState['unavailable'] = [];
    if (!this.#hasCanceller) unavailable.push('echoCancellation');
    if (this.#denoiserLoad === 'failed') unavailable.push('noiseSuppression');
    return {
      settings: this.#settings,
      echoCancelling: this.#echo.isCancelling,
      denoising: this.#denoise?.isOn ?? false,
      halfDuplex: halfDuplexReason !== null,
      halfDuplexReason,
      erleDb: this.#erleDb,
      snrDb: this.#levels.hasHeardSpeech ? this.#levels.snrDb : null,
      noiseFloorDbfs: this.#levels.noiseFloorDbfs,
      gainDb: this.#gain.gainDb,
      unavailable,
    };
  }
}
