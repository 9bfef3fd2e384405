import type { CallOptions } from './call-options.ts';

/** A JSON Schema object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a model is told of a tool. */
export interface ToolOffer {
  /** `[A-Za-z0-9_-]{1,64}`, unique. */
  name: string;
  description: string;
  /** Of an object: the arguments. */
  parameters: JsonSchema;
}

/** What a model asks for. */
export interface ToolCall {
  /** The model's own, to be given back with the result. */
  id: string;
  name: string;
  /** JSON as the model wrote it; it may be none. */
  arguments: string;
}

export interface ToolOutput {
  /** What the model is told. */
  text: string;
  /** The tool itself says that it did not work. */
  failed?: boolean;
  /** Takes back what the call has done. */
  undo?: () => void;
}

export interface Tool extends ToolOffer {
  /** The MCP server that it belongs to; null: it is ours. */
  readonly server: string | null;
  /**
   * `args` have passed `parameters`. Abort ends the call as far as it can be ended and throws `cancelled`. Whatever else is thrown counts as a
   * failure of the tool.
   */
  run(args: unknown, options: { signal: AbortSignal }): Promise<ToolOutput>;
}

/** Where tools come from; they may come and go. */
export interface ToolSource {
  readonly tools: readonly Tool[];
  onChanged(listener: () => void): () => void;
}

export interface ToolCallContext extends CallOptions {
  signal: AbortSignal;
  /**
   * Resolves when the user's turn is certainly over. Answers are prepared before that: until then only what reads, is ours and needs no
   * permission is run.
   */
  released: Promise<void>;
  /** What the user said. */
  userText: string;
  /** Words from outside (an MCP server's result) are in the conversation: what changes something asks first, whoever's tool it is. */
  tainted: boolean;
  /** The tool waits for the user's word in the window; `question` is to be said to somebody who is not looking. */
  onAsking?(question: string): void;
  /** The tool has begun to work, or works on after it has asked. */
  onRunning?(): void;
}

export interface ToolResult {
  text: string;
  failed: boolean;
  /** The text comes from outside: it is data, whatever it says. */
  outside: boolean;
  undo?: () => void;
}

/** All tools that a model may be offered, behind one gate: permission, limits, record. The same for every architecture. */
export interface ToolBox {
  /** Tools that the user has set to "never" are not among them. */
  offers(): ToolOffer[];
  /**
   * Runs a call, if it may be run. Unknown tools, bad arguments, refusals, failures and time-outs are results that say so; only abort throws
   * (`cancelled`).
   */
  call(call: ToolCall, context: ToolCallContext): Promise<ToolResult>;
}

/** Asked before every call, before permission: a guardrail may stop it, or change its arguments (the user is shown what is left of them). */
export type BeforeToolCall = (
  call: { tool: string; server: string | null; arguments: unknown },
  options: { signal: AbortSignal },
) => Promise<{ type: 'go-on'; arguments: unknown } | { type: 'block'; reason: string }>;
