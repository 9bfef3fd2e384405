/// <reference types="svelte" />
import { createContext } from 'svelte';
import { evaluationFileUrl } from '../../main/contract/evaluation.ts';
import { architectureLabel } from '../../main/contract/architecture.ts';
import type { TurnResult } from '../../main/contract/evaluation-turn.ts';
import { Drill } from './drill.svelte.ts';
import type { Evaluation, OpenedRun } from './evaluation.svelte.ts';
import { RecordingPlayer } from './recording-player.svelte.ts';

/** What the parts of an opened run share. */
export class Compare {
  readonly evaluation: Evaluation;
  readonly drill = new Drill();
  readonly player = new RecordingPlayer();
  readonly #opened: () => OpenedRun;

  constructor(evaluation: Evaluation, opened: () => OpenedRun) {
    this.evaluation = evaluation;
    this.#opened = opened;
  }

  get run(): OpenedRun {
    return this.#opened();
  }

  get report(): OpenedRun['report'] {
    return this.run.report;
  }

  labelOf(architectureId: string): string {
    const one = this.report.architectures.find(({ id }) => id === architectureId);
    return one ? architectureLabel({ label: one.label, kind: one.kind ?? 'cascade' }) : architectureId;
  }

  /** Its mark, the same in every chart: from 0. */
  seriesOf(architectureId: string): number {
    return Math.max(
      0,
      this.report.architectures.findIndex(({ id }) => id === architectureId),
    );
  }

  turnsOf(architectureId: string): TurnResult[] {
    return this.report.turns.filter((turn) => turn.architectureId === architectureId);
  }

  urlOf(file: string): string {
    return evaluationFileUrl(this.run.runId, file);
  }
}

const [getCompare, setCompare] = createContext<Compare>();
export { getCompare, setCompare };
