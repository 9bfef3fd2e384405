import { z } from 'zod';

/**
 * What a tool can do, by our own judgement and the user's, never by what its server says of itself. `unknown`: a server's tool that
 * nobody has judged yet.
 */
export const toolRiskSchema = z.enum(['reads', 'changes', 'destructive', 'unknown']);
export type ToolRisk = z.infer<typeof toolRiskSchema>;

/** `session`: allowed until the program ends. */
export const toolPermissionSchema = z.enum(['ask', 'session', 'always', 'never']);
export type ToolPermission = z.infer<typeof toolPermissionSchema>;

/** What the user may answer when a tool asks. */
export const approvalAnswerSchema = z.enum(['once', 'session', 'always', 'deny']);
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

/** Part of a tool's full name, so it keeps to what models and servers take there. */
export const serverNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,23}$/);

/** The environment variable that holds a server's secret: PARLEY_MCP_WEATHER_API_KEY for `API_KEY` of `weather`. */
export function mcpSecretVariable(server: string, name: string): string {
  return `PARLEY_MCP_${server}_${name}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

const transportSchema = z.discriminatedUnion('transport', [
  z.object({
    transport: z.literal('stdio'),
    command: z.string().min(1).max(1000),
    args: z.array(z.string().max(4000)).max(64),
    /** Beside PATH, HOME and the like. Plain values; keys go in `secretEnv`. */
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(4000)),
    /** Names of variables whose values are secrets, kept outside of the settings. */
    secretEnv: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).max(16),
  }),
  z.object({
    transport: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }),
    /** Names of headers whose values are secrets, kept outside of the settings. */
    secretHeaders: z.array(z.string().regex(/^[A-Za-z0-9-]{1,64}$/)).max(16),
  }),
]);
export const mcpServerSchema = z.intersection(z.object({ name: serverNameSchema }), transportSchema);
/** How to reach an MCP server. Holds no secret. */
export type McpServerConfig = z.infer<typeof mcpServerSchema>;

/** In the settings file: what the user has decided of tools, by their full name. */
export const toolSettingsSchema = z.object({
  mcpServers: z.array(mcpServerSchema).max(32),
  /** With the fingerprint of what the tool said of itself then: one that has changed since asks again. */
  toolPermissions: z.record(
    z.string(),
    z.object({ permission: z.enum(['ask', 'always', 'never']), fingerprint: z.string() }),
  ),
  toolRisks: z.record(z.string(), toolRiskSchema),
});
export type ToolSettings = z.infer<typeof toolSettingsSchema>;
export const DEFAULT_TOOL_SETTINGS: ToolSettings = { mcpServers: [], toolPermissions: {}, toolRisks: {} };

export const mcpServerStateSchema = z.object({
  config: mcpServerSchema,
  /** `failed`: not tried again until the user asks for it. */
  status: z.enum(['connecting', 'connected', 'restarting', 'failed']),
  /** What is wrong, in words; null while nothing is. */
  problem: z.string().nullable(),
  toolCount: z.number().int(),
});
export type McpServerState = z.infer<typeof mcpServerStateSchema>;

export const toolStateSchema = z.object({
  /** `<server>__<tool>`; local tools have no server and no prefix. */
  name: z.string(),
  server: z.string().nullable(),
  description: z.string(),
  /** JSON Schema of the arguments, as text. */
  parameters: z.string(),
  risk: toolRiskSchema,
  permission: toolPermissionSchema,
  /** The server has changed what it says of the tool since the user allowed it: it asks again. */
  changed: z.boolean(),
});
export type ToolState = z.infer<typeof toolStateSchema>;

/** A tool that waits for the user's word. */
export const toolApprovalSchema = z.object({
  id: z.string(),
  tool: z.string(),
  server: z.string().nullable(),
  description: z.string(),
  /** Every argument of the call, as JSON. */
  arguments: z.string(),
  risk: toolRiskSchema,
  /** The answers that this risk leaves. */
  answers: z.array(approvalAnswerSchema),
});
export type ToolApproval = z.infer<typeof toolApprovalSchema>;

export const toolOutcomeSchema = z.enum(['done', 'failed', 'timed-out', 'cancelled', 'refused']);
export type ToolOutcome = z.infer<typeof toolOutcomeSchema>;

/** Who let a call through or stopped it. */
export const toolDecisionSchema = z.enum([
  'allowed-by-risk',
  'allowed-always',
  'allowed-session',
  'allowed-once',
  'allowed-by-voice',
  'denied',
  'denied-never',
  'unanswered',
  'blocked',
  'invalid',
]);
export type ToolDecision = z.infer<typeof toolDecisionSchema>;

/** One call, as it is kept. */
export const toolCallRecordSchema = z.object({
  id: z.string(),
  /** ISO 8601. */
  at: z.string(),
  tool: z.string(),
  /** As JSON; may hold what the user said. */
  arguments: z.string(),
  decision: toolDecisionSchema,
  outcome: toolOutcomeSchema,
  durationMs: z.number(),
  /** Of the result that the model was given. */
  resultBytes: z.number().int(),
});
export type ToolCallRecord = z.infer<typeof toolCallRecordSchema>;

/** Commands about tools. Approving is a command of a window: nothing that is said or written by a tool becomes one. */
export const toolCommands = [
  z.object({ type: z.literal('answer-tool-approval'), approvalId: z.string(), answer: approvalAnswerSchema }),
  z.object({ type: z.literal('set-tool-permission'), tool: z.string(), permission: toolPermissionSchema }),
  z.object({ type: z.literal('set-tool-risk'), tool: z.string(), risk: toolRiskSchema }),
  /** Adds the server, or replaces the one of this name, and connects. */
  z.object({ type: z.literal('put-mcp-server'), server: mcpServerSchema }),
  z.object({ type: z.literal('remove-mcp-server'), name: z.string() }),
  /** Connects anew; how it went is in the server's state. */
  z.object({ type: z.literal('test-mcp-server'), name: z.string() }),
  /** Answered by a `tool-calls` event to this window. */
  z.object({ type: z.literal('find-tool-calls'), search: z.string().max(200) }),
  /** `ids: null` forgets all of them. */
  z.object({ type: z.literal('forget-tool-calls'), ids: z.array(z.string()).max(1000).nullable() }),
] as const;

export type ToolCommand = z.infer<(typeof toolCommands)[number]>;

export const toolsStateSchema = z.object({
  servers: z.array(mcpServerStateSchema),
  tools: z.array(toolStateSchema),
  approvals: z.array(toolApprovalSchema),
  /** Whether the language model can use tools; null while that is not known. */
  modelCanCall: z.boolean().nullable(),
});
export type ToolsState = z.infer<typeof toolsStateSchema>;

export const toolEvents = [
  /** Everything about tools, on connecting and after any change. */
  z.object({ type: z.literal('tools'), tools: toolsStateSchema }),
  /** The newest first, at most 200. */
  z.object({ type: z.literal('tool-calls'), search: z.string(), calls: z.array(toolCallRecordSchema) }),
] as const;
