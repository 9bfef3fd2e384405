import type { ReplyRequest } from '../../ports/responder.ts';
import { prefersShort } from '../../domain/voice-cues/adaptation.ts';
import type { ReadyAnswer, ReadyStage } from '../responder-chain.ts';
import { hasTool } from '../connected-tools.ts';
import { readUtterance } from '../utterance/utterance.ts';
import { FUZZY_MARGIN, FUZZY_THRESHOLD, FuzzyMatcher } from './fuzzy-matcher.ts';
import type { Intent, IntentTable, NearIntent, TriedReply } from '../../contract/replies.ts';
import { everydayReplies } from './intent-table.ts';
import { PhraseTemplate, templatesPattern } from './phrase-template.ts';

/** Answers of the last exchanges that are not said again when there are others. */
const FRESH_EXCHANGES = 3;

/** What is longer is no everyday phrase. */
const MAX_CHARS = 120;
/** Of intents that do not answer, as many are told of. */
const MOST_NEAR = 5;

export interface CacheMatch {
  intent: Intent;
  /** 1 for a phrase of the table itself. */
  score: number;
}

/** A table, made ready to be searched. */
interface Prepared {
  answers: readonly string[];
  /** In the order of the table: where two have a phrase in common, under different conditions, the first that is open counts. */
  patterns: { intent: Intent; pattern: RegExp }[];
  intents: Map<string, Intent>;
  fuzzy: FuzzyMatcher;
}

/** Answers from a table of intents. Keeps nothing of a conversation: what was said last is in the history, and only what was heard counts. */
export class ReplyCache implements ReadyStage {
  readonly source = 'cache';
  #table: Prepared;

  readonly #connectedTools: () => readonly string[];

  /** `connectedTools`: names of the tools that the model may call just now. Default: none. */
  constructor(table: IntentTable = everydayReplies, connectedTools: () => readonly string[] = () => []) {
    this.#connectedTools = connectedTools;
    this.#table = prepare(table);
  }

  /** Another table from now on. Throws `TemplateError`, and goes on with the one that it has. */
  use(table: IntentTable): void {
    this.#table = prepare(table);
  }

  /** Every answer, for rendering ahead. */
  get answers(): readonly string[] {
    return this.#table.answers;
  }

  tryRespond(request: ReplyRequest): ReadyAnswer | null {
    const match = this.match(request);
    return match && { name: match.intent.id, text: pickAnswer(match.intent, request) };
  }

  match({ userText, history }: ReplyRequest): CacheMatch | null {
    if (userText.length > MAX_CHARS) return null;
    const { intents, fuzzy } = this.#table;
    const { text, forms } = readUtterance(userText);
    const lastHeard = history.at(-1)?.heard ?? '';
    for (const { intent } of this.#exact(forms)) if (this.#isOpen(intent, lastHeard)) return { intent, score: 1 };
    const best = fuzzy.best(text, (id) => this.#isOpen(intents.get(id)!, lastHeard));
    if (!best || best.score < FUZZY_THRESHOLD || best.margin < FUZZY_MARGIN) return null;
    return { intent: intents.get(best.intentId)!, score: best.score };
  }

  /** The same, with what was considered on the way and why it was passed over. Some milliseconds: for looking at, not for answering. */
  explain(request: ReplyRequest): TriedReply['cache'] {
    const limits = { leastScore: FUZZY_THRESHOLD, leastMargin: FUZZY_MARGIN };
    if (request.userText.length > MAX_CHARS) return { matched: 'too-long', score: 0, margin: 0, ...limits, near: [] };
    const { intents, fuzzy } = this.#table;
    const { text, forms } = readUtterance(request.userText);
    const lastHeard = request.history.at(-1)?.heard ?? '';
    const chosen = this.match(request);
    const whyNot = (intent: Intent): NearIntent['why'] => {
      if (intent === chosen?.intent) return 'answers';
      return this.#isOpen(intent, lastHeard) ? 'later' : 'condition';
    };
    const near = new Map<string, NearIntent>();
    for (const { intent, form } of this.#exact(forms))
      if (!near.has(intent.id)) near.set(intent.id, { id: intent.id, phrase: form, score: 1, why: whyNot(intent) });
    for (const { intentId: id, phrase, score, isTurned } of fuzzy.ranked(text)) {
      if (near.has(id)) continue;
      const intent = intents.get(id)!;
      const isLike = score >= FUZZY_THRESHOLD;
      let why = whyNot(intent);
      if (why === 'later') why = isTurned ? 'turned' : !isLike ? 'unlike' : chosen?.score === 1 ? 'later' : 'close';
      near.set(id, { id, phrase, score, why });
    }
    const best = fuzzy.best(text, (id) => this.#isOpen(intents.get(id)!, lastHeard));
    const isExact = chosen?.score === 1;
    return {
      matched: !chosen ? 'none' : isExact ? 'exact' : 'alike',
      score: isExact ? 1 : (best?.score ?? 0),
      margin: isExact ? 1 : (best?.margin ?? 0),
      ...limits,
      near: [...near.values()].slice(0, MOST_NEAR),
    };
  }

  /** Intents that have one of the forms among their phrases, the fullest form first. */
  *#exact(forms: readonly string[]): Generator<{ intent: Intent; form: string }> {
    for (const form of forms)
      for (const { intent, pattern } of this.#table.patterns) if (pattern.test(form)) yield { intent, form };
  }

  #isOpen({ when }: Intent, lastHeard: string): boolean {
    if (!when) return true;
    if (when.without !== undefined && hasTool(this.#connectedTools(), when.without)) return false;
    if (when.asked !== undefined && when.asked !== lastHeard.trimEnd().endsWith('?')) return false;
    return !when.after || when.after.some((id) => this.#table.intents.get(id)?.answers.includes(lastHeard.trim()));
  }
}

function prepare(table: IntentTable): Prepared {
  const patterns: Prepared['patterns'] = [];
  const fuzzyPhrases: { intentId: string; text: string }[] = [];
  for (const intent of table.intents) {
    const templates = intent.phrases.map((phrase) => new PhraseTemplate(phrase));
    patterns.push({ intent, pattern: templatesPattern(templates) });
    if (intent.fuzzy === false) continue;
    const core = new Set(templates.flatMap((template) => template.corePhrases()));
    for (const text of core) fuzzyPhrases.push({ intentId: intent.id, text });
  }
  return {
    answers: [...new Set(table.intents.flatMap(({ answers }) => answers))],
    patterns,
    intents: new Map(table.intents.map((intent) => [intent.id, intent])),
    fuzzy: new FuzzyMatcher(fuzzyPhrases),
  };
}

/**
 * In turn by how long the conversation is, skipping what was said a moment ago: the same request has the same answer. Who sounds tense or low is
 * given the shortest of them.
 */
function pickAnswer({ answers }: Intent, { history, voice }: ReplyRequest): string {
  const recent = new Set(history.slice(-FRESH_EXCHANGES).map(({ heard }) => heard.trim()));
  const turned = answers.map((_, index) => answers[(index + history.length) % answers.length]!);
  if (prefersShort(voice?.cue ?? null)) turned.sort((one, other) => one.length - other.length);
  return turned.find((answer) => !recent.has(answer)) ?? turned[0]!;
}
