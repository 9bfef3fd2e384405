import type { ToolPermission, ToolRisk } from '../contract/tools.ts';

/** Our own tools. What is not listed here is not ours. */
const LOCAL_RISKS: Readonly<Record<string, ToolRisk>> = {
  current_time: 'reads',
  calculate: 'reads',
  convert_units: 'reads',
  read_list: 'reads',
  read_notes: 'reads',
  timers_left: 'reads',
  set_timer: 'changes',
  set_reminder: 'changes',
  add_to_list: 'changes',
  take_note: 'changes',
};

/**
 * The risk of a tool: ours from our list, a server's from what the user has said of it. What the server says of its own tools
 * (`readOnlyHint` and the like) is not asked: whoever plants an instruction also writes the annotation.
 */
export function riskOf(
  tool: { name: string; server: string | null },
  configured: Readonly<Record<string, ToolRisk>>,
): ToolRisk {
  if (tool.server === null) return LOCAL_RISKS[tool.name] ?? 'unknown';
  return Object.hasOwn(configured, tool.name) ? configured[tool.name]! : 'unknown';
}

export interface Standing {
  risk: ToolRisk;
  /** The tool is ours. */
  local: boolean;
  /** What the user has chosen; undefined: nothing. */
  chosen: ToolPermission | undefined;
  /** Words from outside are in the conversation. */
  tainted: boolean;
}

export type Verdict = { type: 'allow'; because: 'risk' | 'always' | 'session' } | { type: 'ask' } | { type: 'deny' };

/**
 * May it run? Without a choice of the user's, ours may read and may change what can be undone; everything else asks. Once somebody else's
 * words are in the conversation, only what reads runs without a question, even where the user has chosen "always": that was chosen for their
 * own wishes, not for what a page on the network asks for. What destroys asks every time.
 */
export function verdictOn({ risk, local, chosen, tainted }: Standing): Verdict {
  if (chosen === 'never') return { type: 'deny' };
  if (risk === 'destructive') return { type: 'ask' };
  if (risk !== 'reads' && tainted) return { type: 'ask' };
  if (chosen === 'always' || chosen === 'session') return { type: 'allow', because: chosen };
  if (chosen === 'ask') return { type: 'ask' };
  return local && risk !== 'unknown' ? { type: 'allow', because: 'risk' } : { type: 'ask' };
}
