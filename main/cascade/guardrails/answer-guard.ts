import type { GuardRule } from '../../contract/guardrails.ts';
import { replaceHits } from '../../domain/guardrails/replace-hits.ts';
import type { DirectedRules, RuleWith } from '../../domain/guardrails/rule-set.ts';
import { scanText, TextScan, type Hit } from '../../domain/guardrails/text-scan.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { ReplyPiece, ReplyRequest } from '../../ports/responder.ts';
import { clausesOf } from '../responder-chain.ts';
import type { Guardrails } from './guardrails.ts';
import { ReadAhead } from './read-ahead.ts';

export interface AnswerGuardOptions extends CallOptions {
  rules: DirectedRules;
  guardrails: Guardrails;
  /** With the user's own words. */
  request: ReplyRequest;
}

type ClausePiece = Extract<ReplyPiece, { type: 'clause' }>;
/** Clauses that are decided together, and what they hit. */
interface Stretch {
  from: number;
  to: number;
  clauses: ClausePiece[];
  hits: Hit<GuardRule>[];
}

/** About the pace of every voice at its own speed. */
const CHARS_PER_SECOND = 15;
const NOTHING_LEFT = 'I would rather not say that.';

/**
 * One answer on its way from whoever writes it to the voice. A clause goes on as soon as no rule can hit it any more; clauses with a hit are
 * changed, and lose the audio that was rendered ahead for them. What was said before a hit has been said.
 */
export class AnswerGuard {
  readonly #options: AnswerGuardOptions;
  readonly #scan: TextScan<GuardRule>;
  #pieces: ReadAhead<ReplyPiece> = new ReadAhead(nothing());
  /** The answer as it was written, and the clauses and hits of it that are not decided yet. */
  #text = '';
  #clauses: ClausePiece[] = [];
  #hits: Hit<GuardRule>[] = [];
  /** An effect waits for the first clause that passes: a blocked answer does nothing. */
  #effects: ReplyPiece[] = [];
  #outChars = 0;
  #isOver = false;
  #isChanged = false;

  constructor(options: AnswerGuardOptions) {
    this.#options = options;
    this.#scan = new TextScan(options.rules.matchers);
  }

  async *guard(pieces: AsyncIterable<ReplyPiece>): AsyncGenerator<ReplyPiece, void, undefined> {
    this.#pieces = new ReadAhead(pieces);
    try {
      yield* this.#mustSay('before');
      if (this.#options.rules.model.length > 0) yield* this.#judgeWhole();
      for (let piece = await this.#pieces.next(); piece && !this.#isOver; piece = await this.#pieces.next()) {
        yield* this.#take(piece);
      }
      if (this.#isOver) return;
      this.#hits.push(...this.#scan.end());
      yield* this.#release(true);
      if (this.#isOver) return;
      yield* this.#mustSay('after');
      if (this.#outChars === 0 && this.#isChanged) yield* this.#say(NOTHING_LEFT);
    } finally {
      await this.#pieces.close();
    }
  }

  async *#take(piece: ReplyPiece): AsyncGenerator<ReplyPiece, void, undefined> {
    switch (piece.type) {
      case 'source':
      case 'first-token':
        yield piece;
        return;
      case 'effect':
        this.#effects.push(piece);
        return;
      case 'text':
        this.#text += piece.text;
        this.#hits.push(...this.#scan.push(piece.text));
        break;
      case 'clause':
        this.#clauses.push(piece);
        // Clauses are cut before white space, except after a comma or a dash.
        if (piece.clause.endChar === this.#text.length && /[^,—\s]$/u.test(this.#text))
          this.#hits.push(...this.#scan.beforeSpace());
        break;
      default:
        piece satisfies never;
    }
    yield* this.#release(false);
  }

  /** Lets go of what is decided. */
  async *#release(isWhole: boolean): AsyncGenerator<ReplyPiece, void, undefined> {
    for (let stretch = this.#nextStretch(isWhole); stretch && !this.#isOver; stretch = this.#nextStretch(isWhole)) {
      const { clauses, to } = stretch;
      this.#clauses.splice(0, clauses.length);
      this.#hits = this.#hits.filter(({ start }) => start >= to);
      yield* stretch.hits.length === 0 ? this.#pass(stretch) : this.#change(stretch);
    }
  }

  /** The next clause, with those that its hits reach into; null while it is not decided. */
  #nextStretch(isWhole: boolean): Stretch | null {
    const [first] = this.#clauses;
    if (!first) return null;
    const from = first.clause.startChar;
    let count = 1;
    for (;;) {
      const clauses = this.#clauses.slice(0, count);
      const to = clauses.at(-1)!.clause.endChar;
      if (!isWhole && this.#scan.settledTo < to) return null;
      const hits = this.#hits.filter(({ start }) => start < to);
      const reachesOn = hits.some(({ end }) => end > to);
      if (!reachesOn || (count === this.#clauses.length && isWhole)) return { from, to, clauses, hits };
      if (count === this.#clauses.length) return null;
      count++;
    }
  }

  *#pass({ from, to, clauses }: Stretch): Generator<ReplyPiece, void, undefined> {
    const long = this.#tooLong(to - from);
    if (long) return yield* this.#cut(long, this.#text.slice(from, to));
    yield* this.#effects.splice(0);
    const shift = this.#outChars - from;
    yield { type: 'text', text: this.#text.slice(from, to) };
    this.#outChars += to - from;
    for (const piece of clauses) {
      const { text, startChar, endChar } = piece.clause;
      yield { ...piece, clause: { text, startChar: startChar + shift, endChar: endChar + shift } };
    }
  }

  async *#change(stretch: Stretch): AsyncGenerator<ReplyPiece, void, undefined> {
    const { from, to, hits } = stretch;
    const before = this.#text.slice(from, to);
    const rules = [...new Set(hits.map(({ rule }) => rule))];
    const blocking = rules.find(({ action }) => action.type === 'block');
    if (blocking) return yield* this.#block(blocking, before);
    for (const rule of rules) {
      if (!(await this.#isAllowed(rule, before))) return yield* this.#block(rule, before);
    }
    let after = replaceHits(this.#text, hits, { from, to });
    for (const rule of rules) {
      if (rule.action.type === 'replace') this.#log(rule, 'replaced', { before, after });
      if (rule.action.type !== 'rewrite') continue;
      const rewritten = await this.#rewrite(rule.action, after);
      if (rewritten === null) return yield* this.#block(rule, before);
      after = /^\s*/.exec(before)![0] + rewritten;
      this.#log(rule, 'rewritten', { before, after });
    }
    if (after === before) return yield* this.#pass(stretch);
    this.#isChanged = true;
    yield* this.#effects.splice(0);
    yield* this.#speak(this.#outChars === 0 ? after.trimStart() : after);
  }

  /** Rules of the model see the whole answer: it cannot be asked while it is still writing. */
  async *#judgeWhole(): AsyncGenerator<ReplyPiece, void, undefined> {
    const { rules, guardrails, signal } = this.#options;
    await this.#pieces.drain();
    const text = this.#pieces.waiting.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
    for (const rule of rules.model) {
      const { question, timeoutMs, onFailure } = rule.check;
      const verdict = await guardrails.options.judge.isYes({ question, text, timeoutMs }, { signal });
      if (!(verdict ?? onFailure === 'closed')) continue;
      const { action } = rule;
      if (action.type === 'ask' && (await this.#isAllowed(rule, text))) continue;
      const rewritten = action.type === 'rewrite' ? await this.#rewrite(action, text) : null;
      if (action.type !== 'replace' && rewritten === null) return yield* this.#block(rule, text);
      const after = rewritten ?? (action.type === 'replace' ? action.with : '');
      this.#log(rule, rewritten === null ? 'replaced' : 'rewritten', { before: text, after });
      this.#isOver = true;
      return yield* this.#say(after === '' ? NOTHING_LEFT : after);
    }
  }

  async #isAllowed(rule: GuardRule, text: string): Promise<boolean> {
    if (rule.action.type !== 'ask') return true;
    const { guardrails, signal } = this.#options;
    const question = { ruleName: rule.name, direction: 'answer', text: text.trim() } as const;
    const isAllowed = await guardrails.options.approvals.ask(
      { ...question, timeoutMs: rule.action.timeoutMs },
      { signal },
    );
    throwIfAborted(signal, 'app');
    if (isAllowed) this.#log(rule, 'allowed', { before: text, after: text });
    return isAllowed;
  }

  /** Null when it failed, was late, or hits a rule again. One model writes one text at a time: first it ends the answer that it is at. */
  async #rewrite(action: Extract<GuardRule['action'], { type: 'rewrite' }>, text: string): Promise<string | null> {
    const { rules, guardrails, signal } = this.#options;
    await this.#pieces.drain();
    const { instruction, timeoutMs } = action;
    const rewritten = await guardrails.options.judge.rewrite({ instruction, text: text.trim(), timeoutMs }, { signal });
    return rewritten === null || scanText(rules.matchers, rewritten).length > 0 ? null : rewritten;
  }

  *#block(rule: GuardRule, before: string): Generator<ReplyPiece, void, undefined> {
    const say = 'say' in rule.action ? rule.action.say : NOTHING_LEFT;
    this.#log(rule, 'blocked', { before, after: say });
    yield* this.#say(say);
  }

  #tooLong(chars: number): RuleWith<'length'> | undefined {
    return this.#options.rules.length.find(
      ({ check }) => this.#outChars + chars > check.maxSeconds * CHARS_PER_SECOND && this.#outChars > 0,
    );
  }

  *#cut(rule: RuleWith<'length'>, before: string): Generator<ReplyPiece, void, undefined> {
    const { action } = rule;
    const say = action.type === 'replace' ? action.with : action.say;
    this.#log(rule, 'cut', { before, after: say });
    this.#isOver = true;
    if (say !== '') yield* this.#say(say);
  }

  *#mustSay(place: 'before' | 'after'): Generator<ReplyPiece, void, undefined> {
    const { rules, request } = this.#options;
    for (const rule of rules.mustSay) {
      const { text, often } = rule.check;
      if (rule.check.place !== place) continue;
      if (often === 'once' && request.history.some(({ heard }) => heard.includes(text))) continue;
      if (rule.topics && !rule.topics.find(request.userText, 0)) continue;
      this.#log(rule, 'added', { before: '', after: text });
      yield* this.#speak(this.#outChars === 0 ? `${text} ` : ` ${text}`);
    }
  }

  /** The last thing that is said. */
  *#say(text: string): Generator<ReplyPiece, void, undefined> {
    this.#isOver = true;
    yield* this.#speak(this.#outChars === 0 ? text : ` ${text}`);
  }

  /** Words that have no clauses yet. */
  *#speak(text: string): Generator<ReplyPiece, void, undefined> {
    if (text === '') return;
    const shift = this.#outChars;
    yield { type: 'text', text };
    this.#outChars += text.length;
    for (const clause of clausesOf(text)) {
      yield {
        type: 'clause',
        clause: { ...clause, startChar: clause.startChar + shift, endChar: clause.endChar + shift },
      };
    }
  }

  #log(
    rule: GuardRule,
    outcome: 'blocked' | 'replaced' | 'rewritten' | 'allowed' | 'added' | 'cut',
    texts: { before: string; after: string },
  ): void {
    const [before, after] = [texts.before.trim(), texts.after.trim()];
    this.#options.guardrails.logAction({ rule, direction: 'answer', outcome, before, after });
  }
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}
