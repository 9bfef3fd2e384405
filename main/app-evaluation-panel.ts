import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from './contract/errors.ts';
import { replaceableStages } from './contract/evaluation-report.ts';
import type { EvaluationState } from './contract/evaluation.ts';
import type { AppEvent, CommandOf } from './contract/messages.ts';
import { AppEvaluationJob, type EvaluationHost } from './app-evaluation-job.ts';
import { AppEvaluationViewers } from './app-evaluation-viewers.ts';
import { AppUtterance } from './app-utterance.ts';
import { kindOf, measureRun, rerunTurn } from './evaluation/panel/evaluation-job.ts';
import type { EvaluationParts } from './evaluation/panel/evaluation-parts.ts';
import { addJudgement } from './evaluation/panel/judgements.ts';
import { measuredTurn } from './evaluation/panel/measured-turn.ts';
import { priceTable, type PriceTable } from './evaluation/panel/price-table.ts';
import { openedReport } from './evaluation/panel/opened-report.ts';
import { cellsOf, readPlan, suitesOf, type RunPlan } from './evaluation/panel/run-plan.ts';
import { fileError, RunShelf } from './evaluation/panel/run-shelf.ts';
import { shownSuites } from './evaluation/panel/shown-suites.ts';
import { utteranceSuite } from './evaluation/panel/utterance.ts';
import { expectedSeconds, type Cell } from './evaluation/run/cell.ts';
import { loadSuites } from './evaluation/scenario/load-suites.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import { evaluationsFolder } from './platform/paths.ts';
import type { CaptureFrame } from './ports/audio-devices.ts';
import type { WallClock } from './ports/wall-clock.ts';
import type { ClientConnection } from './transport/app-endpoint.ts';

export interface AppEvaluationPanelOptions extends EvaluationHost {
  wallClock: WallClock;
  store: AppStateStore;
  /** Undefined: nothing can be measured here. */
  evaluation?: EvaluationParts | undefined;
}

export type EvaluationCommand = CommandOf<
  | 'watch-evaluation'
  | 'start-evaluation'
  | 'resume-evaluation'
  | 'stop-evaluation'
  | 'record-utterance'
  | 'compare-utterance'
  | 'open-evaluation'
  | 'remove-evaluation'
  | 'rerun-turn'
  | 'prefer-answer'
>;

const UTTERANCE_FILE = 'utterance.wav';
const UTTERANCE_SEED = 1;

/** What windows may do about comparing architectures: measure, one run at a time, look at what was measured, and judge it by ear. */
export class AppEvaluationPanel {
  readonly #options: AppEvaluationPanelOptions;
  readonly #shelf: RunShelf;
  readonly #utterance: AppUtterance;
  readonly #viewers = new AppEvaluationViewers();
  readonly #job: AppEvaluationJob;
  #isStarting = false;
  #isClosed = false;
  #suites: EvaluationState['suites'] = [];
  #runs: EvaluationState['runs'] = [];
  #prices: PriceTable;
  #failure: EvaluationState['failure'] = null;
  #notice: string | null = null;

  constructor(options: AppEvaluationPanelOptions) {
    this.#options = options;
    const folder = evaluationsFolder(options.paths);
    this.#shelf = new RunShelf(folder);
    this.#prices = { prices: [], file: this.#priceFile, isOwn: false, problem: null };
    this.#utterance = new AppUtterance({
      ...options,
      folder,
      pause: (paused) => options.pause(paused),
      changed: () => this.#tell(),
      failed: (cause) => this.#failed(cause),
    });
    this.#job = new AppEvaluationJob({
      ...options,
      priceFile: this.#priceFile,
      stamp: () => this.#stamp(),
      pause: (paused) => options.pause(paused),
      changed: () => this.#tell(),
      over: async (runId, outcome) => {
        if ('error' in outcome) this.#noteFailure(outcome.error);
        else this.#notice = outcome.notice;
        await this.#look();
        this.#tell();
        await this.#tellReport(runId);
      },
    });
  }

  async handle(connection: ClientConnection, command: EvaluationCommand): Promise<void> {
    switch (command.type) {
      case 'watch-evaluation':
        return this.#watch(connection, command.on);
      case 'start-evaluation':
        return this.#starting(() => this.#startSuites(command));
      case 'resume-evaluation':
        return this.#starting(() => this.#resume(command.runId));
      case 'stop-evaluation':
        return this.#job.stop();
      case 'record-utterance':
        return this.#record(connection, command.on);
      case 'compare-utterance':
        return this.#starting(() => this.#compareUtterance(command));
      case 'open-evaluation':
        return this.#open(connection, command.runId);
      case 'remove-evaluation':
        return this.#remove(command.runId);
      case 'rerun-turn':
        return this.#starting(() => this.#rerun(command));
      case 'prefer-answer':
        return this.#prefer(command);
      default:
        command satisfies never;
    }
  }

  /** Sound of the microphone, before anything decides whether somebody listens to it. */
  capture(frames: readonly CaptureFrame[]): void {
    this.#utterance.capture(frames);
  }

  forgetConnection(connection: ClientConnection): void {
    this.#viewers.forgetConnection(connection);
    this.#utterance.forgetConnection(connection);
  }

  /** Ends what is under way; it can be resumed in the next run of the app. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#job.close();
    await this.#utterance.close();
  }

  async #watch(connection: ClientConnection, on: boolean): Promise<void> {
    this.#viewers.watch(connection, false);
    if (!on) return;
    await this.#look();
    this.#viewers.watch(connection, true);
    connection.send(this.#event());
  }

  /** One thing at a time, from the moment on that it is asked for. */
  async #starting(start: () => Promise<void>): Promise<void> {
    this.#requireFree();
    this.#isStarting = true;
    try {
      await start();
    } finally {
      this.#isStarting = false;
    }
  }

  async #startSuites({ suites: names, architectureIds, repeat, seed }: CommandOf<'start-evaluation'>): Promise<void> {
    const { suitesDir } = this.#parts;
    this.#requireArchitectures(architectureIds);
    const suites = await loadSuites(names, suitesDir);
    const title = suites.map((each) => each.title).join(', ');
    await this.#begin({ title, kind: 'suites', architectureIds, repeat, seed, suites: names, own: null });
  }

  async #compareUtterance({ utterance, architectureIds, repeat }: CommandOf<'compare-utterance'>): Promise<void> {
    this.#requireArchitectures(architectureIds);
    const recorded = this.#utterance.file;
    if (utterance.from === 'recording' && !recorded) throw bad('nothing was recorded', 'recording');
    const said = utterance.from === 'text' ? utterance : { audio: UTTERANCE_FILE, words: utterance.words };
    const own = utteranceSuite(said);
    const { title } = own.scenarios[0]!;
    const plan = { title, architectureIds, repeat, seed: UTTERANCE_SEED, suites: [] as string[], own };
    await this.#begin({ ...plan, kind: 'utterance' }, async (folder) => {
      if (utterance.from === 'recording') await cp(recorded!, join(folder, UTTERANCE_FILE));
    });
  }

  async #begin(
    given: Pick<RunPlan, 'title' | 'kind' | 'architectureIds' | 'repeat' | 'seed' | 'suites' | 'own'>,
    prepare: (folder: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const architectureIds = [...new Set(given.architectureIds)];
    const draft: RunPlan = { version: 1, at: this.#stamp(), ...given, architectureIds, total: 0 };
    const suites = await suitesOf(draft, '', this.#parts.suitesDir);
    const plan = { ...draft, total: cellsOf(draft, suites).length };
    const runId = await this.#shelf.create(plan);
    const folder = this.#shelf.folderOf(runId);
    try {
      await prepare(folder);
    } catch (cause) {
      await this.#shelf.remove(runId);
      throw fileError(cause);
    }
    await this.#measure(runId, plan);
  }

  async #resume(runId: string): Promise<void> {
    const plan = await readPlan(await this.#shelf.require(runId));
    if (!plan) throw bad('a folder of the command line: it has no plan', runId);
    this.#requireArchitectures(plan.architectureIds);
    await this.#measure(runId, plan);
  }

  async #measure(runId: string, plan: RunPlan): Promise<void> {
    const folder = this.#shelf.folderOf(runId);
    const cells = cellsOf(plan, await suitesOf(plan, folder, this.#parts.suitesDir));
    const { title, kind, architectureIds, repeat } = plan;
    this.#run({ runId, title, kind, architectureIds, repeat, total: cells.length, leftSeconds: seconds(cells) }, async (job) => {
      const records = await measureRun(cells, plan.seed, job);
      if (records.length < cells.length) return 'Stopped. What was measured is kept.';
      const failed = records.filter(({ error }) => error !== null).length;
      return failed === 0 ? 'Done.' : `Done, but ${failed} of ${cells.length} could not be measured: the report says why.`;
    }); // prettier-ignore
  }

  async #rerun(command: CommandOf<'rerun-turn'>): Promise<void> {
    const { runId, turnId, architectureId, repetition, replace } = command;
    const folder = await this.#shelf.require(runId);
    const stages = replaceableStages(await kindOf(folder, architectureId));
    const other = replace.find(({ stage }) => !stages.includes(stage));
    if (other) throw bad('this stage cannot be replaced in this architecture', other.stage);
    const measured = await measuredTurn(folder, command, this.#parts.suitesDir);
    const at = this.#stamp();
    const rerun = { id: at.replaceAll(/[^0-9]/g, ''), at, turnId, architectureId, repetition, replaced: replace };
    const title = measured.record.scenario.title;
    this.#run({ runId, title, kind: 'rerun', architectureIds: [architectureId], repeat: 1, total: 1 }, async (job) => {
      const record = await rerunTurn({ ...measured, rerun }, job);
      return record ? 'The turn was run again.' : 'Stopped.';
    });
  }

  /** Answers at once; what comes of it is told. */
  #run(given: Parameters<AppEvaluationJob['begin']>[0], work: Parameters<AppEvaluationJob['begin']>[2]): void {
    this.#failure = null;
    this.#notice = null;
    this.#job.begin(given, { folder: this.#shelf.folderOf(given.runId), parts: this.#parts }, work);
  }

  async #record(connection: ClientConnection, on: boolean): Promise<void> {
    if (!on) return this.#utterance.finish();
    void this.#parts;
    this.#requireFree();
    this.#failure = null;
    this.#notice = null;
    await this.#utterance.begin(connection);
  }

  async #open(connection: ClientConnection, runId: string | null): Promise<void> {
    this.#viewers.open(connection, null);
    if (runId === null) return;
    const job = this.#job.state;
    if (job?.runId === runId && job.kind !== 'rerun') throw busy();
    await this.#shelf.require(runId);
    const report = await this.#report(runId);
    this.#viewers.open(connection, runId);
    connection.send(report);
  }

  async #remove(runId: string): Promise<void> {
    if (this.#job.state?.runId === runId) throw busy();
    await this.#shelf.remove(runId);
    this.#viewers.forgetRun(runId);
    this.#notice = 'Removed.';
    await this.#look();
    this.#tell();
  }

  async #prefer({ runId, turnId, a, b, preferred }: CommandOf<'prefer-answer'>): Promise<void> {
    const folder = await this.#shelf.require(runId);
    try {
      await addJudgement(folder, { turnId, a, b, preferred });
    } catch (cause) {
      throw fileError(cause);
    }
    await this.#tellReport(runId);
  }

  /** To whoever has it open. What cannot be read is a failure of the window that asks next. */
  async #tellReport(runId: string): Promise<void> {
    if (!this.#viewers.hasViewers(runId)) return;
    try {
      this.#viewers.tellViewers(runId, await this.#report(runId));
    } catch (cause) {
      this.#failed(cause);
    }
  }

  async #report(runId: string): Promise<AppEvent> {
    const prices = await priceTable(this.#priceFile);
    const opened = await openedReport(this.#shelf.folderOf(runId), { at: this.#stamp(), prices });
    return { type: 'evaluation-report', runId, ...opened };
  }

  get #parts(): EvaluationParts {
    const { evaluation } = this.#options;
    if (!evaluation)
      throw new ParleyError({ code: 'bad-command', stage: 'app', message: 'nothing can be measured here' });
    return evaluation;
  }

  /** Beside the settings: it is the user's own. */
  get #priceFile(): string {
    return join(this.#options.paths.configDir, 'prices.json');
  }

  #stamp(): string {
    return new Date(this.#options.wallClock.epochMs()).toISOString();
  }

  #requireFree(): void {
    if (this.#job.state || this.#isStarting || this.#utterance.isRecording) throw busy();
  }

  #requireArchitectures(ids: readonly string[]): void {
    const choices = this.#options.store.state.architecture?.choices ?? [];
    const missing = ids.find((id) => !choices.some((each) => each.id === id && each.unavailable === null));
    if (missing !== undefined) throw bad('an architecture that cannot be opened now', missing);
  }

  async #look(): Promise<void> {
    const { evaluation } = this.#options;
    this.#prices = await priceTable(this.#priceFile);
    if (!evaluation) return;
    this.#runs = await this.#shelf.list();
    if (this.#suites.length === 0) this.#suites = await shownSuites(evaluation.suitesDir);
  }

  #failed(cause: unknown): void {
    this.#noteFailure(ParleyError.from(cause, 'app'));
    this.#tell();
  }

  #noteFailure(error: ParleyError): void {
    if (this.#isClosed || error.code === 'cancelled') return;
    this.#options.logger.warn('a comparison failed', { error });
    this.#failure = error.serialise();
  }

  #tell(): void {
    this.#viewers.tellWatching(this.#event());
  }

  #event(): AppEvent {
    const { evaluation: parts } = this.#options;
    const run = this.#job.state;
    const evaluation: EvaluationState = {
      unavailable: parts
        ? null
        : 'This Parley was started without what it takes. "npx parley bench run" compares in a terminal.',
      suites: this.#suites,
      run,
      // A turn that is run again leaves its run where it is.
      runs: this.#runs.filter(({ runId }) => run?.kind === 'rerun' || runId !== run?.runId),
      recording: this.#utterance.recording,
      recorded: this.#utterance.recorded,
      prices: this.#prices,
      failure: this.#failure,
      notice: this.#notice,
    };
    return { type: 'evaluation', evaluation };
  }
}

function seconds(cells: readonly Cell[]): number {
  return Math.round(cells.reduce((sum, cell) => sum + expectedSeconds(cell), 0));
}

function busy(): ParleyError {
  return new ParleyError({ code: 'evaluation-runs', stage: 'app', message: 'one thing at a time' });
}

function bad(message: string, detail: string): ParleyError {
  return new ParleyError({ code: 'bad-input', stage: 'app', message, detail });
}
