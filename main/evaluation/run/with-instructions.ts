import type { ChatMessage, Llm } from '../../ports/llm.ts';

/** A model that is told to be something, after what it is told by the app. */
export function withInstructions(llm: Llm, instructions: string): Llm {
  const told = (messages: readonly ChatMessage[]): ChatMessage[] =>
    messages.map((message, i) =>
      i === 0 && message.role === 'system' ? { ...message, content: `${message.content} ${instructions}` } : message,
    );
  return {
    generate: (request, options) => llm.generate({ ...request, messages: told(request.messages) }, options),
    ...(llm.converse
      ? { converse: (request, options) => llm.converse!({ ...request, messages: told(request.messages) }, options) }
      : {}),
    ...(llm.supportsTools ? { supportsTools: () => llm.supportsTools!() } : {}),
    ...(llm.sentenceEnd ? { sentenceEnd: (messages, options) => llm.sentenceEnd!(told(messages), options) } : {}),
    preload: (messages, options) => llm.preload(told(messages), options),
    close: () => llm.close(),
  };
}
