import type { PastExchange } from '../../ports/responder.ts';

interface Entry {
  itemId: string | null;
  user: string;
  /** By answer: what it says, and what of it was heard where it was cut off. */
  answers: Map<string, { text: string; heard: string | null }>;
}

/** What a new line is told of the conversation at most; beyond that the oldest is left out. Providers allow 8,000 tokens and more. */
const MAX_EXCHANGES = 60;
const MAX_CHARS = 20_000;

/**
 * The conversation as a provider has to know it when the connection is remade: what the user said, and what of the answers was heard. An answer
 * that was not cut off counts as heard.
 */
export class ReplayLedger {
  #entries: Entry[];

  constructor(before: readonly PastExchange[]) {
    this.#entries = before.map(entryOf);
  }

  get exchanges(): readonly PastExchange[] {
    const all = this.#entries
      .map(({ user, answers }) => ({ user, heard: [...answers.values()].map(heardOf).filter(Boolean).join(' ') }))
      .filter(({ user, heard }) => user !== '' || heard !== '');
    const kept: PastExchange[] = [];
    let chars = 0;
    for (const exchange of all.slice(-MAX_EXCHANGES).reverse()) {
      chars += exchange.user.length + exchange.heard.length;
      if (chars > MAX_CHARS) break;
      kept.unshift(exchange);
    }
    return kept;
  }

  /** Said and answered elsewhere. */
  told(exchanges: readonly PastExchange[]): void {
    this.#entries = [...this.#entries, ...exchanges.map(entryOf)].slice(-2 * MAX_EXCHANGES);
  }

  userSaid(itemId: string, text: string): void {
    const known = this.#entries.find((entry) => entry.itemId === itemId);
    const last = this.#entries.at(-1);
    // Words may come after the answer to them.
    const entry = known ?? (last && last.user === '' && last.itemId === null ? last : this.#add());
    entry.itemId = itemId;
    entry.user = text;
  }

  userTyped(text: string): void {
    this.#add().user = text;
  }

  answerSays(answerId: string, text: string): void {
    const known = this.#entries.find(({ answers }) => answers.has(answerId));
    const entry = known ?? this.#entries.at(-1) ?? this.#add();
    const answer = entry.answers.get(answerId);
    entry.answers.set(answerId, { text: (answer?.text ?? '') + text, heard: answer?.heard ?? null });
  }

  answerHeard(answerId: string, heardText: string): void {
    const answer = this.#entries.find(({ answers }) => answers.has(answerId))?.answers.get(answerId);
    if (answer) answer.heard = heardText;
  }

  #add(): Entry {
    const entry: Entry = { itemId: null, user: '', answers: new Map() };
    this.#entries.push(entry);
    if (this.#entries.length > 2 * MAX_EXCHANGES) this.#entries = this.#entries.slice(-MAX_EXCHANGES);
    return entry;
  }
}

function entryOf({ user, heard }: PastExchange): Entry {
  return { itemId: null, user, answers: new Map(heard === '' ? [] : [['before', { text: heard, heard: null }]]) };
}

function heardOf({ text, heard }: { text: string; heard: string | null }): string {
  return (heard ?? text).trim();
}
