import type { TurnResult } from '../../../main/contract/evaluation-turn.ts';

/** Calls of one tool by one architecture. */
export interface ToolTally {
  name: string;
  calls: number;
  /** Of these, calls that did not work. */
  broke: number;
  turns: TurnResult[];
}

export interface ToolTotals {
  expected: number;
  right: number;
  unasked: number;
  turns: TurnResult[];
  tools: ToolTally[];
}

/** What an architecture did with its tools; null where none was expected and none called. */
export function toolTotals(turns: readonly TurnResult[]): ToolTotals | null {
  const own = turns.filter(({ toolsExpected, toolCalls }) => toolsExpected > 0 || toolCalls.length > 0);
  if (own.length === 0) return null;
  const sum = (of: (turn: TurnResult) => number): number => own.reduce((total, turn) => total + of(turn), 0);
  const names = [...new Set(own.flatMap(({ toolCalls }) => toolCalls.map(({ name }) => name)))].toSorted();
  return {
    expected: sum(({ toolsExpected }) => toolsExpected),
    right: sum(({ toolsRight }) => toolsRight),
    unasked: sum(({ toolsUnasked }) => toolsUnasked),
    turns: own,
    tools: names.map((name) => {
      const some = own.filter(({ toolCalls }) => toolCalls.some((call) => call.name === name));
      const calls = some.flatMap(({ toolCalls }) => toolCalls.filter((call) => call.name === name));
      return { name, calls: calls.length, broke: calls.filter(({ broke }) => broke).length, turns: some };
    }),
  };
}
