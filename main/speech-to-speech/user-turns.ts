import type { ClaimedEmotion } from '../contract/speech-to-speech.ts';
import type { VoiceEvent } from '../ports/voice-architecture.ts';
import type { RemoteHistory } from './remote-history.ts';
import type { RemoteEvent } from './remote-voice.ts';

/** Shown where the user's words are not known yet although the answer has begun: lines keep their order. */
const WORDS_TO_COME = '…';

export interface UserTurn {
  readonly turnId: number;
  text: string;
  isFinal: boolean;
  lastSoundMs: number | null;
  source: 'voice' | 'typed';
  /** By the recogniser of this machine. */
  recognisedLocally: string;
  claimedEmotion: ClaimedEmotion | null;
}

export interface UserTurnsOptions {
  history: RemoteHistory;
  onEvent(event: Extract<VoiceEvent, { type: 'user-text' | 'user-dropped' }>): void;
}

/** What the user says to a provider, as turns: its items, its words, and what was heard here beside them. */
export class UserTurns {
  readonly #options: UserTurnsOptions;
  readonly #ofItem = new Map<string, UserTurn>();
  #current: UserTurn | null = null;
  #nextTurnId = 1;

  constructor(options: UserTurnsOptions) {
    this.#options = options;
  }

  /** The last that has begun. */
  get current(): UserTurn | null {
    return this.#current;
  }

  /** Also for what is said unasked. */
  nextId(): number {
    return this.#nextTurnId++;
  }

  begin(itemId?: string): UserTurn {
    const turn: UserTurn = {
      turnId: this.nextId(),
      text: '',
      isFinal: false,
      lastSoundMs: null,
      source: 'voice',
      recognisedLocally: '',
      claimedEmotion: null,
    };
    this.#current = turn;
    if (itemId !== undefined) this.#ofItem.set(itemId, turn);
    this.#options.history.begin(turn.turnId);
    return turn;
  }

  typed(text: string): void {
    this.#said(this.begin(), { text, final: true, source: 'typed' });
  }

  /** The provider's words for a turn. True: there are none, or it has taken the turn back, since it goes on in another. */
  onText({ itemId, text, final, claimedEmotion }: Extract<RemoteEvent, { type: 'user-text' }>): boolean {
    let turn = this.#ofItem.get(itemId);
    if (!turn) {
      // A protocol that does not name the item when speech begins, or that knows no turns at all.
      turn = this.#current && !this.#current.isFinal ? this.#current : this.begin();
      this.#ofItem.set(itemId, turn);
    }
    if (text === '' && final) {
      this.#drop(turn);
      return true;
    }
    turn.claimedEmotion = claimedEmotion ?? turn.claimedEmotion;
    this.#said(turn, { text, final, source: 'voice' });
    return false;
  }

  /** The provider's detector and ours need not agree on what a turn is: what was heard belongs to the turn of then. */
  onSideText(text: string): void {
    const turn = this.#current;
    const wasDropped = turn?.isFinal && turn.text === '';
    if (!turn || wasDropped || turn.source === 'typed') return;
    turn.recognisedLocally = [turn.recognisedLocally, text].filter((part) => part !== '').join(' ');
    this.#show(turn);
  }

  /** The turn that an answer belongs to; its line is there before the answer's. */
  answered(): UserTurn {
    const turn = this.#current ?? this.begin();
    if (turn.text === '') this.#show(turn);
    return turn;
  }

  #said(turn: UserTurn, said: { text: string; final: boolean; source: 'voice' | 'typed' }): void {
    turn.text = said.text;
    turn.isFinal = said.final;
    turn.source = said.source;
    this.#options.history.userSaid(turn.turnId, said.text);
    this.#show(turn);
  }

  #drop(turn: UserTurn): void {
    turn.text = '';
    turn.isFinal = true;
    this.#options.history.userSaid(turn.turnId, '');
    this.#options.onEvent({ type: 'user-dropped', turnId: turn.turnId });
  }

  #show({ turnId, text, isFinal, source, recognisedLocally, claimedEmotion }: UserTurn): void {
    this.#options.onEvent({
      type: 'user-text',
      turnId,
      text: text || WORDS_TO_COME,
      stableChars: isFinal ? text.length : 0,
      final: isFinal,
      source,
      ...(recognisedLocally === '' ? {} : { recognisedLocally }),
      ...(claimedEmotion ? { claimedEmotion } : {}),
    });
  }
}
