import { Template } from '@huggingface/jinja';
import { ParleyError } from '../../contract/errors.ts';
import type { ChatMessage } from '../../ports/llm.ts';

/** A stretch of prompt: markup of the template (special tokens mean something in it) or what somebody said (they do not). */
export interface PromptPart {
  type: 'markup' | 'content';
  text: string;
}

/** Stands for the content of message n while the template is rendered; private-use characters, which no template mentions. */
const placeholder = (index: number) => `\uE000${index}\uE001`;
const PLACEHOLDERS = /\uE000(\d+)\uE001/g;

/** Some templates insist on a user's message first. */
const OPENING_USER_MESSAGE: ChatMessage = { role: 'user', content: 'Hello.' };

/**
 * The model file's own Jinja template. Contents are put in after rendering, so that what a user says can neither be mistaken for
 * markup nor change how the words before it are cut into tokens, and so that it is known where it ends.
 */
export class ChatTemplate {
  readonly #template: Template;
  readonly #variables: Record<string, unknown>;

  /** Throws `engine-failed` when the template cannot be parsed. */
  constructor(source: string, tokens: { bosToken: string; eosToken: string }) {
    try {
      this.#template = new Template(source);
    } catch (cause) {
      throw new ParleyError({
        code: 'engine-failed',
        stage: 'think',
        message: 'The chat template is not valid.',
        cause,
      });
    }
    // Reasoning models are asked to answer at once: a spoken answer cannot wait for a page of thought.
    this.#variables = { bos_token: tokens.bosToken, eos_token: tokens.eosToken, enable_thinking: false };
  }

  /** The whole prompt, up to where the assistant's words begin. Throws `bad-input` when the template refuses the conversation. */
  renderPrompt(messages: ChatMessage[]): PromptPart[] {
    return this.#render(messages);
  }

  /**
   * What every prompt begins with that continues these messages: up to the end of the last user's words, which may still grow,
   * or, when the last message is not the user's, up to where the user's next words would begin.
   */
  renderCommonPrefix(messages: ChatMessage[]): PromptPart[] {
    const open = messages.at(-1)?.role === 'user' ? messages : [...messages, { role: 'user', content: '' } as const];
    const parts = this.#render(open);
    return parts.slice(0, parts.findLastIndex((part) => part.type === 'content') + 1);
  }

  /** Tries the conversation as it is, then in the shapes that stricter templates take. */
  #render(messages: ChatMessage[]): PromptPart[] {
    const trimmed = messages.map((message) => ({ ...message, content: message.content.trim() }));
    let refusal: unknown;
    for (const shape of [asItIs, withoutSystemRole, alternating]) {
      try {
        const parts = this.#renderShape(shape(trimmed));
        if (parts) return parts;
      } catch (cause) {
        refusal = cause;
      }
    }
    throw new ParleyError({
      code: 'bad-input',
      stage: 'think',
      message: 'The chat template of the model refuses this conversation.',
      cause: refusal,
    });
  }

  /** Undefined when the template leaves out a message, as some do silently with the system's. */
  #renderShape(messages: ChatMessage[]): PromptPart[] | undefined {
    const rendered = this.#template.render({
      ...this.#variables,
      messages: messages.map((message, index) => ({ role: message.role, content: placeholder(index) })),
      add_generation_prompt: true,
    });
    const parts: PromptPart[] = [];
    let from = 0;
    for (const match of rendered.matchAll(PLACEHOLDERS)) {
      if (match.index > from) parts.push({ type: 'markup', text: rendered.slice(from, match.index) });
      parts.push({ type: 'content', text: messages[Number(match[1])]!.content });
      from = match.index + match[0].length;
    }
    if (from < rendered.length) parts.push({ type: 'markup', text: rendered.slice(from) });
    return parts.filter((part) => part.type === 'content').length === messages.length ? parts : undefined;
  }
}

function asItIs(messages: ChatMessage[]): ChatMessage[] {
  return messages;
}

/** The system's words at the head of the first user's message. */
function withoutSystemRole(messages: ChatMessage[]): ChatMessage[] {
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content);
  const rest = messages.filter((message) => message.role !== 'system');
  if (system.length === 0) return rest;
  const [first, ...others] = rest[0]?.role === 'user' ? rest : [OPENING_USER_MESSAGE, ...rest];
  return [{ role: 'user', content: [...system, first!.content].join('\n\n') }, ...others];
}

/** User and assistant by turns, beginning with the user: an answer that nobody heard leaves two user messages in a row. */
function alternating(messages: ChatMessage[]): ChatMessage[] {
  const merged: ChatMessage[] = [];
  for (const message of withoutSystemRole(messages)) {
    const previous = merged.at(-1);
    if (previous?.role === message.role) previous.content += `\n\n${message.content}`;
    else merged.push({ ...message });
  }
  return merged[0]?.role === 'assistant' ? [OPENING_USER_MESSAGE, ...merged] : merged;
}
