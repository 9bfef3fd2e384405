import type { ChatMessage, Llm, LlmRequest, PreloadOptions, ToolRequest } from '../ports/llm.ts';
import { ParleyError } from '../contract/errors.ts';
import type { RpcContext } from './rpc-peer.ts';
import type { ServedEngine } from './serve-engine.ts';

/** What `preload` is called with. */
export interface PreloadCall extends Pick<PreloadOptions, 'tools'> {
  messages: ChatMessage[];
}

/** What a loaded model says of itself. */
export interface LanguageModelDescription {
  architecture: string;
  /** Longest conversation that it was made for. */
  contextTokens: number;
  /** Of the process that holds it. */
  memoryBytes: number;
}

/** A language model as the `think` child offers it; ThinkClient is the other end. */
export function serveLlm(llm: Llm): ServedEngine {
  return {
    calls: {
      preload: ({ messages, tools }: PreloadCall, { signal }: RpcContext) =>
        llm.preload(messages, { signal, ...(tools ? { tools } : {}) }),
      'sentence-end': (messages: ChatMessage[], { signal }: RpcContext) =>
        llm.sentenceEnd?.(messages, { signal }) ?? Promise.resolve(null),
      'supports-tools': () => llm.supportsTools?.() ?? Promise.resolve(false),
    },
    streams: {
      generate: (request: LlmRequest, { signal }: RpcContext) => llm.generate(request, { signal }),
      converse: (request: ToolRequest, { signal }: RpcContext) => {
        if (!llm.converse) throw new ParleyError({ code: 'bad-input', stage: 'think', message: 'no tools' });
        return llm.converse(request, { signal });
      },
    },
    close: () => llm.close(),
  };
}
