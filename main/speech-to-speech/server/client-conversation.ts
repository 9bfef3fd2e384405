import type { ConversationItem } from 'openai/resources/realtime/realtime';
import type { PastExchange } from '../../ports/responder.ts';
import type { ClientItem } from './client-events.ts';
import type { ServerEvent } from './response-writer.ts';
import type { Refusal } from './session-shape.ts';

export interface ClientConversationOptions {
  newId(kind: string): string;
  send(event: ServerEvent): void;
  /** The result of a tool's call; false: there was no such call. */
  onResult(callId: string, output: string): boolean;
  /** Messages of the assistant are history before that, and nothing later. */
  hasBegun(): boolean;
}

const REMEMBERED_ITEMS = 256;

/** What a client puts into the conversation itself: its history, what is typed, and the results of tools. Knows all items by what was sent of them. */
export class ClientConversation {
  readonly #options: ClientConversationOptions;
  /** As they were sent last, to be asked for again. */
  readonly #items = new Map<string, ConversationItem>();
  readonly #history: PastExchange[] = [];
  readonly #typed: string[] = [];
  instructions: string | undefined;

  constructor(options: ClientConversationOptions) {
    this.#options = options;
  }

  /** What was said before the conversation began. */
  get history(): readonly PastExchange[] {
    return this.#history;
  }

  /** What was typed since the last time; "" when nothing was. */
  takeTyped(): string {
    return this.#typed.splice(0).join(' ');
  }

  /** Why the item is not taken; null: it is. */
  create(item: ClientItem): Refusal | null {
    const refusal = item.type === 'function_call_output' ? this.#takeResult(item) : this.#takeMessage(item);
    if (refusal) return refusal;
    const { newId, send } = this.#options;
    const shown = { ...item, id: item.id ?? newId('item'), object: 'realtime.item' } as never;
    send({ type: 'conversation.item.added', item: shown, previous_item_id: null });
    send({ type: 'conversation.item.done', item: shown, previous_item_id: null });
    return null;
  }

  find(itemId: string): ConversationItem | undefined {
    return this.#items.get(itemId);
  }

  /** Everything that is sent to the client, whoever sends it. */
  onSent(event: ServerEvent): void {
    if (event.type === 'conversation.item.done' && event.item.id) this.#items.set(event.item.id, event.item);
    if (event.type === 'conversation.item.deleted') this.#items.delete(event.item_id);
    if (this.#items.size > REMEMBERED_ITEMS) this.#items.delete(this.#items.keys().next().value!);
  }

  #takeResult({ call_id = '', output = '' }: ClientItem): Refusal | null {
    if (this.#options.onResult(call_id, output)) return null;
    return { code: 'invalid_value', message: 'There was no such call.', param: 'item.call_id' };
  }

  /** Before the conversation begins, messages are its history; later, what the user has typed. */
  #takeMessage({ type, role = 'user', content = [] }: ClientItem): Refusal | null {
    if (type !== 'message') {
      return { code: 'invalid_value', message: `Items of type ${type} are not taken.`, param: 'item.type' };
    }
    const words = content.map(({ text, transcript }) => text ?? transcript ?? '').join(' ');
    const text = words.trim();
    if (text === '' || content.some((part) => part.type === 'input_image')) {
      return {
        code: 'invalid_value',
        message: 'Messages are text here; audio goes into the buffer.',
        param: 'item.content',
      };
    }
    if (role === 'user') this.#typed.push(text);
    else if (role === 'system') this.instructions = [this.instructions, text].filter(Boolean).join('\n');
    else if (!this.#options.hasBegun()) this.#history.push({ user: this.takeTyped(), heard: text });
    return null;
  }
}
