/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import type { EvaluationState, Judgement, PreferenceTally } from '../../main/contract/evaluation.ts';
import type { Replacement, Report } from '../../main/contract/evaluation-report.ts';
import type { TurnResult } from '../../main/contract/evaluation-turn.ts';
import type { AppEvent, Command, CommandOf } from '../../main/contract/messages.ts';
import type { ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

/** A run whose report is looked at. */
export interface OpenedRun {
  runId: string;
  report: Report;
  judgements: readonly Judgement[];
  tallies: readonly PreferenceTally[];
}

type Utterance = CommandOf<'compare-utterance'>['utterance'];

/** Comparisons of architectures as this window knows them, while somebody looks at them. */
export class Evaluation {
  readonly #client: ParleyClient;
  readonly #notices: Notices;
  #state: EvaluationState | null = $state.raw(null);
  #opened: OpenedRun | null = $state.raw(null);
  /** What should be open; the report may still be on its way. */
  #wantedId: string | null = $state(null);
  #couldNotOpen = $state(false);

  constructor({ client, notices }: { client: ParleyClient; notices: Notices }) {
    this.#client = client;
    this.#notices = notices;
  }

  /** null until the app has told it. */
  get state(): EvaluationState | null {
    return this.#state;
  }

  get opened(): OpenedRun | null {
    return this.#opened;
  }

  /** The app does not give this run's report. */
  get couldNotOpen(): boolean {
    return this.#couldNotOpen;
  }

  /** The app tells of every change from now on; the returned function ends that. */
  watch(): () => void {
    const stopEvents = this.#client.onEvent((event) => this.#receive(event));
    const stopConnection = this.#client.onConnection((connection) => connection === 'connected' && this.#ask());
    if (this.#client.connection === 'connected') this.#ask();
    return () => {
      stopEvents();
      stopConnection();
      if (this.#client.connection === 'connected') void this.#do({ type: 'watch-evaluation', on: false });
    };
  }

  /** Null closes what is open. */
  open(runId: string | null): void {
    if (runId === this.#wantedId) return;
    this.#wantedId = runId;
    this.#opened = null;
    this.#couldNotOpen = false;
    if (this.#client.connection === 'connected') void this.#sendOpen();
  }

  start(options: { suites: string[]; architectureIds: string[]; repeat: number; seed: number }): Promise<boolean> {
    return this.#do({ type: 'start-evaluation', ...options });
  }

  compareUtterance(options: { utterance: Utterance; architectureIds: string[]; repeat: number }): Promise<boolean> {
    return this.#do({ type: 'compare-utterance', ...options });
  }

  record(on: boolean): void {
    void this.#do({ type: 'record-utterance', on });
  }

  stop(): void {
    void this.#do({ type: 'stop-evaluation' });
  }

  resume(runId: string): void {
    void this.#do({ type: 'resume-evaluation', runId });
  }

  remove(runId: string): void {
    void this.#do({ type: 'remove-evaluation', runId });
  }

  /** The result comes with the next report. */
  rerun({ turnId, architectureId, repetition }: TurnResult, replace: Replacement[]): Promise<boolean> {
    const runId = this.#opened?.runId;
    if (runId === undefined) return Promise.resolve(false);
    return this.#do({ type: 'rerun-turn', runId, turnId, architectureId, repetition, replace });
  }

  prefer(judgement: Judgement): Promise<boolean> {
    const runId = this.#opened?.runId;
    if (runId === undefined) return Promise.resolve(false);
    return this.#do({ type: 'prefer-answer', runId, ...judgement });
  }

  #ask(): void {
    void this.#do({ type: 'watch-evaluation', on: true });
    if (this.#wantedId !== null) void this.#sendOpen();
  }

  async #sendOpen(): Promise<void> {
    const runId = this.#wantedId;
    const isTaken = await this.#do({ type: 'open-evaluation', runId });
    if (!isTaken && runId === this.#wantedId) this.#couldNotOpen = true;
  }

  #receive(event: AppEvent): void {
    if (event.type === 'evaluation') this.#state = event.evaluation;
    else if (event.type === 'evaluation-report' && event.runId === this.#wantedId) {
      const { runId, report, preferences } = event;
      this.#couldNotOpen = false;
      this.#opened = { runId, report, ...preferences };
    }
  }

  /** True when the app has taken it; what went wrong is shown. */
  async #do(command: Command): Promise<boolean> {
    try {
      await this.#client.command(command);
      this.#notices.remove('evaluation');
      return true;
    } catch (cause) {
      const error = ParleyError.from(cause, 'transport');
      if (error.code !== 'cancelled') this.#notices.addError('evaluation', error);
      return false;
    }
  }
}
