import type { Floor } from '../../contract/state.ts';
import type { ServerEvent } from './response-writer.ts';

export interface UserItemsOptions {
  newId(kind: string): string;
  send(event: ServerEvent): void;
  /** Of what was captured so far. */
  capturedMs(): number;
  /** Something is being said, or is about to be. */
  isAnswering(): boolean;
  /** A turn of the user is over and is to be answered. */
  onTurn(): void;
  /** What was taken for a turn held no words. */
  onNothingHeard(): void;
}

interface Item {
  itemId: string;
  /** The client knows that it began. */
  isAnnounced: boolean;
  /** The client has ended it itself. */
  isCommitted: boolean;
  transcript: string | null;
}

const REMEMBERED_TURNS = 64;

/** What the user says, as items of the protocol: when it began, when it was committed, what it says. */
export class UserItems {
  readonly #options: UserItemsOptions;
  readonly #items = new Map<number, Item>();
  /** Heard to begin, or committed by the client, before there are words for it. */
  #open: Item | null = null;
  #isManual = false;

  constructor(options: UserItemsOptions) {
    this.#options = options;
  }

  setManual(isManual: boolean): void {
    this.#isManual = isManual;
  }

  /** The client says that the turn is over. */
  committedByClient(): void {
    this.#open ??= this.#newItem();
    this.#open.isCommitted = true;
    this.#send({ type: 'input_audio_buffer.committed', item_id: this.#open.itemId, previous_item_id: null });
  }

  onFloor(floor: Floor): void {
    if (floor === 'hearing') {
      this.#open ??= this.#newItem();
      // A sound during an answer may be a mere "uh-huh": clients fall silent when they are told of speech, so it waits until it is known.
      if (!this.#options.isAnswering()) this.#announce(this.#open);
    } else if (floor === 'listening' || floor === 'off') this.#forgetOpen();
    else if (!this.#open?.isAnnounced && !this.#open?.isCommitted) this.#open = null;
  }

  /** An answer was cut off: the sound was meant. */
  onInterrupted(): void {
    const item = this.#open ?? [...this.#items.values()].findLast(({ transcript }) => transcript === null);
    if (item) this.#announce(item);
  }

  onText({ turnId, text, final }: { turnId: number; text: string; final: boolean }): void {
    const known = this.#items.get(turnId);
    // The user goes on with a turn that was taken for over: one item holds all of it.
    if (known && known.transcript !== null && (!final || known.transcript !== text)) this.onDropped(turnId);
    let item = this.#items.get(turnId);
    if (!item) {
      item = this.#open ?? this.#newItem();
      this.#open = null;
      this.#items.set(turnId, item);
      if (this.#items.size > REMEMBERED_TURNS) this.#items.delete(this.#items.keys().next().value!);
    }
    if (final || !this.#options.isAnswering()) this.#announce(item);
    if (final && item.transcript === null) this.#commit(item, text);
  }

  onDropped(turnId: number): void {
    const item = this.#items.get(turnId);
    this.#items.delete(turnId);
    if (item) this.#drop(item);
    else this.#forgetOpen();
  }

  #announce(item: Item): void {
    if (item.isAnnounced || this.#isManual) return;
    item.isAnnounced = true;
    const audio_start_ms = this.#options.capturedMs();
    this.#send({ type: 'input_audio_buffer.speech_started', audio_start_ms, item_id: item.itemId });
  }

  #commit(item: Item, transcript: string): void {
    item.transcript = transcript;
    const { itemId: item_id } = item;
    if (item.isAnnounced) this.#stopped(item);
    if (!item.isCommitted) this.#send({ type: 'input_audio_buffer.committed', item_id, previous_item_id: null });
    const shown = {
      id: item_id,
      object: 'realtime.item' as const,
      type: 'message' as const,
      role: 'user' as const,
      status: 'completed' as const,
      content: [{ type: 'input_audio' as const, transcript }],
    };
    this.#send({ type: 'conversation.item.added', item: shown, previous_item_id: null });
    this.#send({ type: 'conversation.item.done', item: shown, previous_item_id: null });
    const usage = { type: 'duration' as const, seconds: 0 };
    const type = 'conversation.item.input_audio_transcription.completed';
    this.#send({ type, item_id, content_index: 0, transcript, usage });
    this.#options.onTurn();
  }

  /** There were no words in what was open. */
  #forgetOpen(): void {
    const item = this.#open;
    this.#open = null;
    if (item) this.#drop(item);
  }

  #drop(item: Item): void {
    // The client knows nothing of it.
    if (!item.isAnnounced && !item.isCommitted && item.transcript === null) return;
    if (item.isAnnounced && item.transcript === null) this.#stopped(item);
    this.#send({ type: 'conversation.item.deleted', item_id: item.itemId });
    if (item.transcript === null) this.#options.onNothingHeard();
  }

  #stopped(item: Item): void {
    const audio_end_ms = this.#options.capturedMs();
    this.#send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms, item_id: item.itemId });
  }

  #newItem(): Item {
    return { itemId: this.#options.newId('item'), isAnnounced: false, isCommitted: false, transcript: null };
  }

  #send(event: ServerEvent): void {
    this.#options.send(event);
  }
}
