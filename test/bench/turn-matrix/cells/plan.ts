import { endpointingSchema, type EndpointingChoice } from '../../../../main/contract/turn-settings.ts';
import type { ConditionName } from '../../../../main/evaluation/room/conditions.ts';
import type { Cell, CellKind } from './cell.ts';

export const POLICIES: readonly EndpointingChoice[] = endpointingSchema.options;
const DEFAULT_POLICY: EndpointingChoice = 'semantic';
/** Measured with all the turns; the others with the core of them. */
const WITH_ALL_TURNS: readonly ConditionName[] = ['clean'];
/** With all the sounds under an answer. */
const WITH_ALL_OVERLAPS: readonly ConditionName[] = ['clean', 'babble', 'loudspeaker'];
const CORE_OVERLAPS = 12;
/** Two halves of one condition share its turns. */
const HALVES: readonly ConditionName[] = ['drift+', 'drift-'];
const CORE_HALF = 7;
/** Differs from "clean" only while the loudspeaker sounds, which baselines say nothing about. */
const OVERLAP_CONDITION: ConditionName = 'loudspeaker';

export interface Plan {
  kinds: ReadonlySet<CellKind>;
  conditions: readonly ConditionName[];
  policies: readonly EndpointingChoice[];
  /** At most so many clips of each session. */
  maxTurns: number;
  shortTurns: number;
  talkSeconds: number;
}

/** The sessions of a matrix. What an answer does under a sound does not hang on how ends are found: overlaps are for one policy. */
export function planCells({ kinds, conditions, policies, maxTurns, shortTurns, talkSeconds }: Plan): Cell[] {
  const cells: Cell[] = [];
  const common = { count: maxTurns, coreOnly: false, seconds: 0 };
  for (const condition of conditions) {
    const coreOnly = !WITH_ALL_TURNS.includes(condition);
    const count = HALVES.includes(condition) ? Math.min(maxTurns, CORE_HALF) : maxTurns;
    for (const policy of policies) {
      if (!kinds.has('turns') || (condition === OVERLAP_CONDITION && policy !== DEFAULT_POLICY)) continue;
      cells.push({ ...common, kind: 'turns', condition, policy, coreOnly, count });
    }
    if (kinds.has('overlaps')) {
      const most = WITH_ALL_OVERLAPS.includes(condition) ? Infinity : CORE_OVERLAPS;
      cells.push({ ...common, kind: 'overlaps', condition, policy: DEFAULT_POLICY, count: Math.min(maxTurns, most) });
    }
  }
  if (kinds.has('short')) {
    cells.push({ ...common, kind: 'short', condition: 'clean', policy: DEFAULT_POLICY, count: shortTurns });
  }
  if (kinds.has('talk')) {
    cells.push({ ...common, kind: 'talk', condition: OVERLAP_CONDITION, policy: DEFAULT_POLICY, seconds: talkSeconds });
  }
  return cells;
}
