import type {
  ApprovalAnswer,
  McpServerState,
  ToolDecision,
  ToolOutcome,
  ToolPermission,
  ToolRisk,
} from '../../main/contract/tools.ts';

export const RISK_WORDS: Record<ToolRisk, string> = {
  reads: 'Only reads',
  changes: 'Changes things',
  destructive: 'Destroys things',
  unknown: 'Not judged yet',
};

export const PERMISSION_WORDS: Record<ToolPermission, string> = {
  ask: 'Ask each time',
  session: 'Allow until Parley ends',
  always: 'Allow always',
  never: 'Never',
};

export const ANSWER_WORDS: Record<ApprovalAnswer, string> = {
  once: 'Allow once',
  session: 'This session',
  always: 'Always',
  deny: 'Deny',
};

export const STATUS_WORDS: Record<McpServerState['status'], string> = {
  connecting: 'Connecting …',
  connected: 'Connected',
  restarting: 'Starting again …',
  failed: 'Not connected',
};

export const DECISION_WORDS: Record<ToolDecision, string> = {
  'allowed-by-risk': 'allowed, harmless',
  'allowed-always': 'allowed always',
  'allowed-session': 'allowed this session',
  'allowed-once': 'allowed once',
  'allowed-by-voice': 'allowed by voice',
  denied: 'denied',
  'denied-never': 'never allowed',
  unanswered: 'not answered',
  blocked: 'blocked by a rule',
  invalid: 'not a valid call',
};

export const OUTCOME_WORDS: Record<ToolOutcome, string> = {
  done: 'Done',
  failed: 'Failed',
  'timed-out': 'Took too long',
  cancelled: 'Interrupted',
  refused: 'Not run',
};

/** Without the server in front of it. */
export function ownName({ name, server }: { name: string; server: string | null }): string {
  return server !== null && name.startsWith(`${server}__`) ? name.slice(server.length + 2) : name;
}

/** Arguments of a program, as they are typed in one line: quotes hold words together. */
export function splitArguments(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}
