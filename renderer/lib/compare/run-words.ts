import type { ArchitectureChoice } from '../../../main/contract/architecture.ts';
import type { EvaluationEntry, EvaluationRun, EvaluationState } from '../../../main/contract/evaluation.ts';
import { countWords } from './number-words.ts';

export const MOST_REPEATS = 50;

/** The tuned cascade and its baseline: the comparison that needs nothing. */
export function defaultArchitectures(choices: readonly ArchitectureChoice[]): string[] {
  const own = choices.filter(({ kind, unavailable }) => kind === 'cascade' && unavailable === null);
  return own.map(({ id }) => id);
}

export function runSeconds(
  suites: EvaluationState['suites'],
  { chosen, architectures, repeat }: { chosen: readonly string[]; architectures: number; repeat: number },
): number {
  const once = suites.filter(({ id }) => chosen.includes(id)).reduce((sum, { seconds }) => sum + seconds, 0);
  return once * architectures * (repeat || 0);
}

/** All are chosen: the button takes them back. */
export function isMost(chosen: readonly string[], suites: EvaluationState['suites']): boolean {
  return suites.length > 0 && suites.every(({ id }) => chosen.includes(id));
}

/** What is done just now. */
export function phaseWords(run: EvaluationRun, labelOf: (id: string) => string): string {
  const { phase, current, isStopping, kind, repeat } = run;
  if (isStopping) return 'Stopping; what has been measured is kept.';
  switch (phase) {
    case 'preparing':
      return "Making the user's speech …";
    case 'reporting':
      return 'Scoring the recordings …';
    case 'measuring': {
      if (!current) return kind === 'rerun' ? 'Running the turn again …' : 'The next one begins …';
      const again = repeat > 1 ? `, ${current.repetition} of ${repeat}` : '';
      return `${labelOf(current.architectureId)}: ${current.title}${again}, turn ${Math.min(current.turn + 1, current.turns)} of ${current.turns}`;
    }
    default:
      return phase satisfies never;
  }
}

/** One line about a run of the list. */
export function entryWords(entry: EvaluationEntry, labelOf: (id: string) => string): string {
  const { architectureIds, suites, repeat, done, total, isComplete, kind } = entry;
  const of = kind === 'utterance' ? 'one utterance' : suites.join(', ');
  const times = repeat > 1 ? `, ${repeat} times` : '';
  const cells = isComplete ? countWords(total, 'cell', 'cells') : `${done} of ${total} cells`;
  return `${architectureIds.map(labelOf).join(', ')}; ${of}${times} · ${cells}`;
}
