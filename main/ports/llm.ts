import type { CallOptions } from './call-options.ts';
import type { ToolCall, ToolOffer } from './tool.ts';

export interface ChatMessage {
  /** `tool`: the result of a call. */
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  /** What the assistant asked for. */
  toolCalls?: readonly ToolCall[];
  /** Which of the calls before it a `tool` message answers. */
  toolCallId?: string;
}

export interface LlmRequest {
  /** System message first; the last message is the user's, or the result of a tool. */
  messages: ChatMessage[];
  /** Default 160. */
  maxTokens?: number;
  /** Default 0 (greedy). */
  temperature?: number;
  seed?: number;
}

export interface ToolRequest extends LlmRequest {
  tools: readonly ToolOffer[];
  /** `none`: the tools are only named, as the messages speak of them; the model has to answer. Default `auto`. */
  toolChoice?: 'auto' | 'none';
}

export type LlmPiece = { type: 'text'; text: string } | { type: 'tool-call'; call: ToolCall };

/** A language model. One generation at a time; a second call waits for the first. */
export interface Llm {
  /**
   * Text as it is generated, in pieces of any size. Abort stops within one token and throws `cancelled`;
   * leaving the loop early does the same without throwing. Throws `prompt-too-long` before any work.
   */
  generate(request: LlmRequest, options?: CallOptions): AsyncIterable<string>;
  /** Whether the model can ask for tools. Absent: it cannot. */
  supportsTools?(): Promise<boolean>;
  /** As `generate`, for a model that can ask for tools: a call comes when its arguments are whole, after the text before it. */
  converse?(request: ToolRequest, options?: CallOptions): AsyncIterable<LlmPiece>;
  /**
   * Probability (0 to 1) that the last message's words are a whole sentence: that a sentence would end right behind them, whatever sign they
   * end with. Null: it cannot be told. Absent: the model cannot tell. What is computed for it serves `generate` too. Abort throws `cancelled`.
   */
  sentenceEnd?(messages: ChatMessage[], options?: CallOptions): Promise<number | null>;
  /**
   * Computes ahead what `generate` will need for these messages (prefix cache). A hint: engines without such a cache resolve at once.
   * Abort stops between chunks of the prompt and resolves normally, keeping what was computed.
   */
  preload(messages: ChatMessage[], options?: PreloadOptions): Promise<void>;
  close(): Promise<void>;
}

export interface PreloadOptions extends CallOptions {
  /** The tools that will be offered: they are part of the prompt. */
  tools?: readonly ToolOffer[];
}
