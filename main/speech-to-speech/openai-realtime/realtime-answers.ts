import type { RealtimeResponse, RealtimeResponseUsage } from 'openai/resources/realtime/realtime';
import type { LineListener } from '../connection/line.ts';
import { PcmStream } from '../connection/pcm-stream.ts';
import type { RemoteUsage } from '../remote-voice.ts';
import { protocolError } from './realtime-errors.ts';
import { WIRE_RATE_HZ } from './realtime-session.ts';

interface Item {
  itemId: string;
  pcm: PcmStream;
  receivedMs: number;
}

/** What is to be done with an item of which only so much was heard. */
export type Forgetting = { type: 'truncate'; itemId: string; audioEndMs: number } | { type: 'delete'; itemId: string };

const REMEMBERED_ANSWERS = 16;

/** Responses as answers: a response that only calls a tool is none. */
export class RealtimeAnswers {
  readonly #listener: LineListener;
  readonly #label: string;
  /** The items of each answer in the order in which they are heard. */
  readonly #items = new Map<string, Item[]>();
  /** Ended or not wanted: what still comes of them is late. */
  readonly #over = new Set<string>();

  constructor(listener: LineListener, label: string) {
    this.#listener = listener;
    this.#label = label;
  }

  text(answerId: string, itemId: string, text: string): void {
    if (this.#over.has(answerId)) return;
    this.#item(answerId, itemId);
    this.#listener.onEvent({ type: 'answer-text', answerId, text });
  }

  audio(answerId: string, itemId: string, base64: string): void {
    if (this.#over.has(answerId)) return;
    const bytes = Buffer.from(base64, 'base64');
    const item = this.#item(answerId, itemId);
    const pcm = item.pcm.push(bytes);
    item.receivedMs += (pcm.length * 1000) / WIRE_RATE_HZ;
    this.#listener.onEvent({ type: 'answer-audio', answerId, pcm, sampleRateHz: WIRE_RATE_HZ });
  }

  done({ id: answerId = '', status, status_details, usage }: RealtimeResponse): void {
    if (usage) this.#listener.onEvent({ type: 'usage', usage: usageOf(usage) });
    if (this.#over.has(answerId)) return;
    if (status === 'failed') {
      if (!this.#items.has(answerId)) this.#begin(answerId);
      const error = protocolError(status_details?.error, this.#label).serialise();
      this.#listener.onEvent({ type: 'answer-done', answerId, status: 'failed', error });
    } else if (this.#items.has(answerId)) {
      this.#listener.onEvent({
        type: 'answer-done',
        answerId,
        status: status === 'cancelled' ? 'cancelled' : 'complete',
      });
    }
    this.#end(answerId);
  }

  /** What the provider has to forget of an answer of which `heardMs` were heard: at most what came is ever named. */
  forget(answerId: string, heardMs: number): Forgetting[] {
    const forgettings: Forgetting[] = [];
    let leftMs = heardMs;
    for (const { itemId, receivedMs } of this.#items.get(answerId) ?? []) {
      const audioEndMs = Math.floor(Math.min(Math.max(0, leftMs), receivedMs));
      leftMs -= receivedMs;
      if (audioEndMs === 0) forgettings.push({ type: 'delete', itemId });
      else if (audioEndMs < Math.floor(receivedMs)) forgettings.push({ type: 'truncate', itemId, audioEndMs });
    }
    this.#items.delete(answerId);
    this.#end(answerId);
    return forgettings;
  }

  #end(answerId: string): void {
    this.#over.add(answerId);
    if (this.#over.size > REMEMBERED_ANSWERS) this.#over.delete(this.#over.values().next().value!);
  }

  #item(answerId: string, itemId: string): Item {
    const items = this.#items.get(answerId) ?? this.#begin(answerId);
    const known = items.find((item) => item.itemId === itemId);
    if (known) return known;
    const item = { itemId, pcm: new PcmStream(), receivedMs: 0 };
    items.push(item);
    return item;
  }

  #begin(answerId: string): Item[] {
    const items: Item[] = [];
    this.#items.set(answerId, items);
    if (this.#items.size > REMEMBERED_ANSWERS) this.#items.delete(this.#items.keys().next().value!);
    this.#listener.onEvent({ type: 'answer-started', answerId });
    return items;
  }
}

function usageOf({ input_token_details: input, output_token_details: output }: RealtimeResponseUsage): RemoteUsage {
  const known = {
    inputAudioTokens: input?.audio_tokens,
    inputTextTokens: input?.text_tokens,
    cachedTokens: input?.cached_tokens,
    outputAudioTokens: output?.audio_tokens,
    outputTextTokens: output?.text_tokens,
  };
  return Object.fromEntries(Object.entries(known).filter(([, tokens]) => tokens !== undefined));
}
