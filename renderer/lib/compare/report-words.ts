import type { TurnResult } from '../../../main/contract/evaluation-turn.ts';
import { STAGE_WORDS } from './stage-words.ts';

/** What the reader should know of the machine, as far as it is told; shapes of circumstances differ from version to version. */
export function circumstanceWords(circumstances: Record<string, unknown>): string {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, each] of Object.entries(value)) {
      if (/^(cpu|cpuModel)$/i.test(name) && typeof each === 'string') found.push(each);
      else if (/^cores$/i.test(name) && typeof each === 'number') found.push(`${each} cores`);
      else if (/^loadAverage/i.test(name)) {
        const load = Array.isArray(each) ? Number(each[0]) : Number(each);
        if (Number.isFinite(load)) found.push(`load ${load.toFixed(1)} at the start`);
      } else visit(each);
    }
  };
  visit(circumstances);
  return found.join(', ');
}

export interface SuspectGroup {
  stage: string;
  label: string;
  turns: TurnResult[];
}

/** Turns that have not passed by the stage to look at first, most first. */
export function suspectGroups(turns: readonly TurnResult[]): SuspectGroup[] {
  const failed = turns.filter(({ suspect }) => suspect !== null);
  return [...Map.groupBy(failed, ({ suspect }) => suspect!.stage)]
    .map(([stage, some]) => ({ stage, label: STAGE_WORDS[stage], turns: some }))
    .toSorted((a, b) => b.turns.length - a.turns.length);
}

export const AS_WORDS: Record<TurnResult['as'], string> = {
  turn: 'Turn',
  interruption: 'Interruption',
  backchannel: 'Backchannel',
  noise: 'Noise',
};

/** "rapid / greetings, turn 2" */
export function placeWords({ suite, scenario, index }: TurnResult): string {
  return suite === scenario ? `Turn ${index + 1}` : `${suite} / ${scenario}, turn ${index + 1}`;
}

/** An argument list of a tool call, readable. */
export function argumentWords(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, each]) => `${name}: ${typeof each === 'string' ? each : JSON.stringify(each)}`)
    .join(', ');
}
