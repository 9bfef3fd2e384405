import type { SeenToolCall } from '../run/subject.ts';
import type { ExpectedCall, ScenarioTurn } from '../scenario/scenario.ts';
import { isExpectedArgument } from './phrases.ts';
import type { Check } from '../../contract/evaluation-turn.ts';

export interface ToolScore {
  toolsRight: number;
  toolsExpected: number;
  /** Calls beyond those that were expected. Counted only where the scenario says what is expected. */
  toolsUnasked: number;
  check: Check | null;
}

/** Right tool and right arguments, for each expected call; in order unless the scenario says otherwise. */
export function scoreTools({ expect }: Pick<ScenarioTurn, 'expect'>, calls: readonly SeenToolCall[]): ToolScore {
  const { tools, tools_in_order: inOrder } = expect;
  if (tools === undefined) return { toolsRight: 0, toolsExpected: 0, toolsUnasked: 0, check: null };
  const expected = tools === 'none' ? [] : tools;
  const left = [...calls];
  let toolsRight = 0;
  for (const each of expected) {
    const at = left.findIndex((call) => isRight(each, call));
    if (at < 0) continue;
    toolsRight++;
    // In order: what came before this call cannot be an expected one any more.
    left.splice(inOrder ? 0 : at, inOrder ? at + 1 : 1);
  }
  const toolsUnasked = calls.length - toolsRight;
  const passed = toolsRight === expected.length && toolsUnasked === 0 && !calls.some(({ broke }) => broke);
  const found = calls.length === 0 ? 'no call' : calls.map(described).join(', ');
  const rule = expected.length === 0 ? 'no tool' : expected.map(described).join(inOrder ? ', then ' : ' and ');
  return {
    toolsRight,
    toolsExpected: expected.length,
    toolsUnasked,
    check: { kind: 'tools', rule, passed, found },
  };
}

function isRight(expected: ExpectedCall, call: SeenToolCall): boolean {
  return expected.name === call.name && isExpectedArgument(expected.arguments, call.arguments);
}

function described(call: { name: string; arguments: unknown; broke?: boolean }): string {
  return `${call.name}(${JSON.stringify(call.arguments)})${call.broke ? ' which did not work' : ''}`;
}
