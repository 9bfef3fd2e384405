import type { PastExchange, ReplyRequest } from '../../ports/responder.ts';
import type { ReadyAnswer, ReadyStage } from '../responder-chain.ts';
import { readUtterance } from '../utterance/utterance.ts';
import { FUZZY_MARGIN, FUZZY_THRESHOLD, FuzzyMatcher } from './fuzzy-matcher.ts';
import { everydayReplies, type Intent, type IntentTable } from './intent-table.ts';
import { PhraseTemplate, templatesPattern } from './phrase-template.ts';

/** Answers of the last exchanges that are not said again when there are others. */
const FRESH_EXCHANGES = 3;

/** What is longer is no everyday phrase. */
const MAX_CHARS = 120;

export interface CacheMatch {
  intent: Intent;
  /** 1 for a phrase of the table itself. */
  score: number;
}

/** Answers from a table of intents. Keeps no state: what was said last is in the history, and only what was heard counts. */
export class ReplyCache implements ReadyStage {
  readonly source = 'cache';
  /** Every answer, for rendering ahead. */
  readonly answers: readonly string[];
  /** In the order of the table: where two have a phrase in common, under different conditions, the first that is open counts. */
  readonly #patterns: { intent: Intent; pattern: RegExp }[] = [];
  readonly #intents = new Map<string, Intent>();
  readonly #fuzzy: FuzzyMatcher;

  constructor(table: IntentTable = everydayReplies) {
    const fuzzyPhrases: { intentId: string; text: string }[] = [];
    for (const intent of table.intents) {
      this.#intents.set(intent.id, intent);
      const templates = intent.phrases.map((phrase) => new PhraseTemplate(phrase));
      this.#patterns.push({ intent, pattern: templatesPattern(templates) });
      if (intent.fuzzy === false) continue;
      const core = new Set(templates.flatMap((template) => template.corePhrases()));
      for (const text of core) fuzzyPhrases.push({ intentId: intent.id, text });
    }
    this.#fuzzy = new FuzzyMatcher(fuzzyPhrases);
    this.answers = [...new Set(table.intents.flatMap(({ answers }) => answers))];
  }

  tryRespond(request: ReplyRequest): ReadyAnswer | null {
    const match = this.match(request);
    return match && { name: match.intent.id, text: pickAnswer(match.intent, request.history) };
  }

  match({ userText, history }: ReplyRequest): CacheMatch | null {
    if (userText.length > MAX_CHARS) return null;
    const { text, forms } = readUtterance(userText);
    const lastHeard = history.at(-1)?.heard ?? '';
    for (const form of forms) {
      for (const { intent, pattern } of this.#patterns)
        if (pattern.test(form) && this.#isOpen(intent, lastHeard)) return { intent, score: 1 };
    }
    const isOpen = (id: string): boolean => this.#isOpen(this.#intents.get(id)!, lastHeard);
    const best = this.#fuzzy.best(text, isOpen);
    if (!best || best.score < FUZZY_THRESHOLD || best.margin < FUZZY_MARGIN) return null;
    return { intent: this.#intents.get(best.intentId)!, score: best.score };
  }

  #isOpen({ when }: Intent, lastHeard: string): boolean {
    if (!when) return true;
    if (when.asked !== undefined && when.asked !== lastHeard.trimEnd().endsWith('?')) return false;
    return !when.after || when.after.some((id) => this.#intents.get(id)?.answers.includes(lastHeard.trim()));
  }
}

/** In turn by how long the conversation is, skipping what was said a moment ago: the same request has the same answer. */
function pickAnswer({ answers }: Intent, history: readonly PastExchange[]): string {
  const recent = new Set(history.slice(-FRESH_EXCHANGES).map(({ heard }) => heard.trim()));
  const turned = answers.map((_, index) => answers[(index + history.length) % answers.length]!);
  return turned.find((answer) => !recent.has(answer)) ?? turned[0]!;
}
