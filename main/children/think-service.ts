import type { ChatMessage, Llm, LlmRequest } from '../ports/llm.ts';
import type { RpcContext } from './rpc-peer.ts';
import type { ServedEngine } from './serve-engine.ts';

/** A language model as the `think` child offers it; ThinkClient is the other end. */
export function serveLlm(llm: Llm): ServedEngine {
  return {
    calls: {
      preload: (messages: ChatMessage[], { signal }: RpcContext) => llm.preload(messages, { signal }),
    },
    streams: {
      generate: (request: LlmRequest, { signal }: RpcContext) => llm.generate(request, { signal }),
    },
    close: () => llm.close(),
  };
}
