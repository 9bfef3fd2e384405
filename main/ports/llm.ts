import type { CallOptions } from './call-options.ts';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface LlmRequest {
  /** System message first; the last message is the user's. */
  messages: ChatMessage[];
  /** Default 160. */
  maxTokens?: number;
  /** Default 0 (greedy). */
  temperature?: number;
  seed?: number;
}

/** A language model. One generation at a time; a second call waits for the first. */
export interface Llm {
  /**
   * Text as it is generated, in pieces of any size. Abort stops within one token and throws `cancelled`;
   * leaving the loop early does the same without throwing. Throws `prompt-too-long` before any work.
   */
  generate(request: LlmRequest, options?: CallOptions): AsyncIterable<string>;
  /**
   * Computes ahead what `generate` will need for these messages (prefix cache). A hint: engines without such a cache resolve at once.
   * Abort stops between chunks of the prompt and resolves normally, keeping what was computed.
   */
  preload(messages: ChatMessage[], options?: CallOptions): Promise<void>;
  close(): Promise<void>;
}
