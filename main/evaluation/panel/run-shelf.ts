import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import { runIdSchema, type EvaluationEntry } from '../../contract/evaluation.ts';
import { cellsFolder } from '../run/run-bench.ts';
import { readPlan, writePlan, type RunPlan } from './run-plan.ts';

/** The runs in the data folder: one folder each, of the form that `parley bench run --out` writes. */
export class RunShelf {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  folderOf(runId: string): string {
    return join(this.#folder, runId);
  }

  /** Newest first. One that cannot be read says so and hides none of the others. */
  async list(): Promise<EvaluationEntry[]> {
    const all = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    const ids = all.filter((each) => each.isDirectory() && runIdSchema.safeParse(each.name).success);
    const entries = await Promise.all(ids.map(({ name }) => this.#entry(name)));
    return entries
      .filter((entry) => entry !== null)
      .toSorted((a, b) => (b.at ?? '').localeCompare(a.at ?? '') || a.runId.localeCompare(b.runId));
  }

  /** Makes the folder, and the plan in it. Returns the run's name, which says when it was begun. Throws `disk-full`, `internal`. */
  async create(plan: RunPlan): Promise<string> {
    const base = `${plan.at.slice(0, 19).replaceAll(':', '').replace('T', '-')}-${plan.kind}`;
    for (let number = 1; ; number++) {
      const runId = number === 1 ? base : `${base}-${number}`;
      try {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        await mkdir(this.folderOf(runId), { mode: 0o700 });
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw fileError(cause);
      }
      try {
        await writePlan(this.folderOf(runId), plan);
      } catch (cause) {
        await this.remove(runId).catch(() => {});
        throw fileError(cause);
      }
      return runId;
    }
  }

  /** Throws `bad-input` for a run that is not there. */
  async require(runId: string): Promise<string> {
    const folder = this.folderOf(runId);
    const found = await stat(folder).catch(() => null);
    if (!found?.isDirectory()) throw new ParleyError({ code: 'bad-input', stage: 'app', message: 'no such run', detail: runId }); // prettier-ignore
    return folder;
  }

  async remove(runId: string): Promise<void> {
    await rm(await this.require(runId), { recursive: true, force: true });
  }

  /** Null for a folder that holds nothing of a run. */
  async #entry(runId: string): Promise<EvaluationEntry | null> {
    const folder = this.folderOf(runId);
    const names = await readdir(cellsFolder(folder)).catch(() => []);
    const cells = names.flatMap((name) => cellParts(name) ?? []);
    try {
      const plan = await readPlan(folder);
      if (plan) {
        const { at, title, kind, architectureIds, repeat, total } = plan;
        const suites = plan.own ? [plan.own.suite] : plan.suites;
        const done = Math.min(total, cells.length);
        const known = { runId, at, title, kind, architectureIds, suites, repeat, done, total };
        return { ...known, isComplete: done === total, failure: null };
      }
      return cells.length === 0 ? null : { ...(await fromCells(folder, runId, cells)), failure: null };
    } catch (cause) {
      const failure = ParleyError.from(cause, 'app').serialise();
      return { ...(await fromCells(folder, runId, cells)), failure };
    }
  }
}

/** ENOSPC and its like become `disk-full`. */
export function fileError(cause: unknown): ParleyError {
  const { code } = cause as NodeJS.ErrnoException;
  return ParleyError.from(cause, 'app', code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'internal');
}

interface CellParts {
  suite: string;
  architectureId: string;
  repetition: number;
}

/** As cellName puts it together; undefined for other files. */
function cellParts(file: string): CellParts | undefined {
  const match = /^([^.]+)\.[^.]+\.(.+)\.(\d+)\.json$/.exec(file);
  return match ? { suite: match[1]!, architectureId: match[2]!, repetition: Number(match[3]) } : undefined;
}

async function fromCells(
  folder: string,
  runId: string,
  cells: readonly CellParts[],
): Promise<Omit<EvaluationEntry, 'failure'>> {
  const made = await stat(join(folder, 'run.json')).catch(() => null);
  const different = (values: readonly string[]): string[] => [...new Set(values)];
  return {
    runId,
    at: made?.mtime.toISOString() ?? null,
    title: runId,
    kind: 'folder',
    architectureIds: different(cells.map(({ architectureId }) => architectureId)),
    suites: different(cells.map(({ suite }) => suite)),
    repeat: Math.max(1, ...cells.map(({ repetition }) => repetition)),
    done: cells.length,
    total: cells.length,
    isComplete: true,
  };
}
