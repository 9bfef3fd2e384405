import { join } from 'node:path';
import { CuedResponder } from './cascade/cued-responder.ts';
import type { ReadyStage } from './cascade/responder-chain.ts';
import type { PacedVoice } from './cascade/voice-pace.ts';
import type { TranscriptLine } from './contract/state.ts';
import { voiceCueSettingsSchema, type BaselineRetention, type VoiceCueCommand } from './contract/voice-cues.ts';
import type { SpeakerBaseline } from './domain/voice-cues/speaker-baseline.ts';
import { trainedVoiceModel } from './domain/voice-cues/trained-model.ts';
import { STARTER_MODELS } from './engine-configs.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import { CueListener } from './pipeline/voice-cues/cue-listener.ts';
import { VoiceCueBook } from './pipeline/voice-cues/voice-cue-book.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Listener, VoicePart } from './ports/listener.ts';
import type { Logger } from './ports/logger.ts';
import type { Responder } from './ports/responder.ts';
import type { VoiceClaim } from './ports/voice-cues.ts';
import type { WallClock } from './ports/wall-clock.ts';
import { VoiceBaselineFile } from './records/voice-baseline-file.ts';

export interface AppVoiceCuesOptions {
  settings: SettingsStore;
  store: AppStateStore;
  paths: ParleyPaths;
  wallClock: WallClock;
  logger: Logger;
}

const DAY_MS = 24 * 3600_000;
const KEPT_FOR_MS: Record<BaselineRetention, number> = { session: 0, week: 7 * DAY_MS, quarter: 92 * DAY_MS };

const WITHOUT: Record<VoicePart, string> = {
  'emotion-model': 'the emotion model of the user cannot be used: it claims nothing',
  'speaker-encoder': 'the speaker encoder cannot be used: speakers are told apart by the features alone',
};

/** How the user sounds: measured by the ears, judged here, shown with the lines, used in the answers as far as the user allows. */
export class AppVoiceCues {
  readonly #options: AppVoiceCuesOptions;
  readonly #book: VoiceCueBook;
  readonly #file: VoiceBaselineFile;
  #onLineChanged: (lineId: string) => void = () => {};

  constructor(options: AppVoiceCuesOptions) {
    const { paths, store } = options;
    this.#options = options;
    this.#file = new VoiceBaselineFile({
      file: join(paths.dataDir, 'voice-baselines.json'),
      features: trainedVoiceModel.features,
    });
    this.#book = new VoiceCueBook({
      weights: trainedVoiceModel,
      onBaseline: (deviceId, baseline) => this.#keep(deviceId, baseline),
    });
    this.#followDevice();
    store.onChange(() => this.#followDevice());
    this.#show();
    void this.#restore();
  }

  /** The ears with measures of voices. */
  listening(listener: Listener): Listener {
    return new CueListener({
      listener,
      isOn: () => this.#options.settings.current.voiceCues,
      onHeard: (heard) => this.#book.heard(heard),
      onClaim: (utteranceId, claim) => this.#claimed(utteranceId, claim),
      onMissing: (part, error) => this.#options.logger.warn(WITHOUT[part], { error }),
    });
  }

  /** Answers that follow how the user sounds. */
  answering(options: { responder: Responder; cache: ReadyStage; voice: PacedVoice }): Responder {
    return new CuedResponder({
      ...options,
      cues: { cueFor: (text) => (this.#options.settings.current.voiceCues ? this.#book.cueFor(text) : null) },
      allows: () => ({ adapting: this.#options.settings.current.voiceCuesAdapt, prompt: this.#mayPrompt() }),
      onUse: (userText, use) => this.#book.used(userText, use),
    });
  }

  /** More is known of a line that was described before. */
  onLineChanged(listener: (lineId: string) => void): void {
    this.#onLineChanged = listener;
  }

  describe<Line extends TranscriptLine>(line: Line): Line {
    const described = this.#book.describe(line);
    if (this.#options.store.state.voiceCues?.baselineTurns !== this.#book.baselineTurns) this.#show();
    return described;
  }

  async handle(command: VoiceCueCommand): Promise<void> {
    const { settings } = this.#options;
    switch (command.type) {
      case 'set-voice-cues': {
        const written = settings.update(command.settings);
        if (settings.current.voiceBaselineRetention === 'session') await this.#file.forget();
        this.#show();
        return written;
      }
      case 'forget-voice-baselines':
        this.#book.forget();
        this.#show();
        return this.#file.forget();
      default:
        command satisfies never;
    }
  }

  #claimed(utteranceId: number, claim: VoiceClaim): void {
    const lineId = this.#book.claimed(utteranceId, claim);
    if (lineId !== null) this.#onLineChanged(lineId);
  }

  #mayPrompt(): boolean {
    const { settings, store } = this.#options;
    const { voiceCuesInPrompt, voiceCuesToHosts } = settings.current;
    const { llm } = store.state.engines;
    if (!llm || voiceCuesInPrompt === 'never' || (!llm.local && !voiceCuesToHosts)) return false;
    // docs/voice-cues.md: the starter answers the line instead of the question.
    return voiceCuesInPrompt === 'always' || llm.id !== STARTER_MODELS.llm;
  }

  #followDevice(): void {
    const { driver, inputId } = this.#options.store.state.audio;
    this.#book.useDevice(inputId ?? driver);
  }

  #keep(deviceId: string, { turns }: SpeakerBaseline): void {
    const { settings, wallClock, logger } = this.#options;
    if (settings.current.voiceBaselineRetention === 'session') return;
    this.#file.keep(deviceId, turns, wallClock.epochMs()).catch((error: unknown) => {
      logger.warn('the voice baseline could not be kept', { error });
    });
  }

  async #restore(): Promise<void> {
    const { settings, wallClock, logger } = this.#options;
    const maxAgeMs = KEPT_FOR_MS[settings.current.voiceBaselineRetention];
    try {
      if (maxAgeMs === 0) return await this.#file.forget();
      const kept = await this.#file.load({ nowMs: wallClock.epochMs(), maxAgeMs });
      for (const [deviceId, turns] of kept) this.#book.restore(deviceId, turns);
      this.#show();
    } catch (error) {
      logger.warn('voice baselines could not be restored', { error });
    }
  }

  #show(): void {
    const { settings, store } = this.#options;
    store.update({
      voiceCues: {
        ...voiceCueSettingsSchema.parse(settings.current),
        baselineTurns: this.#book.baselineTurns,
        baselineNeeded: trainedVoiceModel.baselineTurns,
      },
    });
  }
}
