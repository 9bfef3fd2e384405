import { problemOf } from '../contract/error-words.ts';
import type { SerialisedError } from '../contract/errors.ts';
import type { AppStateStore } from './app-state-store.ts';

/** Shown until the user puts it away or it is solved; one of a kind is shown once. */
export function addProblem(store: AppStateStore, error: SerialisedError): void {
  const problem = problemOf(error);
  store.update({ problems: [...store.state.problems.filter(({ id }) => id !== problem.id), problem] });
}

export function solveProblem(store: AppStateStore, code: SerialisedError['code']): void {
  const problems = store.state.problems.filter(({ error }) => error.code !== code);
  if (problems.length !== store.state.problems.length) store.update({ problems });
}
