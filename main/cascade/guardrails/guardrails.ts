import { randomUUID } from 'node:crypto';
import type { GuardDirection, GuardLogEntry, GuardOutcome, GuardRule } from '../../contract/guardrails.ts';
import { replaceHits } from '../../domain/guardrails/replace-hits.ts';
import { RuleSet, type DirectedRules } from '../../domain/guardrails/rule-set.ts';
import { scanText } from '../../domain/guardrails/text-scan.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Logger } from '../../ports/logger.ts';
import type { WallClock } from '../../ports/wall-clock.ts';
import type { Approvals } from './approvals.ts';
import type { ModelJudge } from './model-judge.ts';

export interface GuardrailsOptions {
  judge: ModelJudge;
  approvals: Approvals;
  log: { add(entry: GuardLogEntry): void };
  wallClock: WallClock;
  logger: Logger;
  /** Something was written to the log. */
  onLogged(): void;
}

export type Guarded = { blocked: false; text: string } | { blocked: true; say: string; ruleName: string };
export type GuardedCall = { allowed: true; args: unknown } | { allowed: false; ruleName: string };

/** The same words prepared twice in a row (answers are begun ahead) are one action. */
const SAME_ACTION_MS = 15_000;
/** For what is left out of the user's earlier words. */
const LEFT_OUT = '…';
const MAX_ARGUMENT_DEPTH = 20;

/** The rules of now, and what they do with a whole text: the user's words, a tool's arguments. Answers go through `AnswerGuard`. */
export class Guardrails {
  readonly options: GuardrailsOptions;
  #rules = new RuleSet([]);
  #lastLogged: { entry: Omit<GuardLogEntry, 'id' | 'at'>; atMs: number } | null = null;

  constructor(options: GuardrailsOptions) {
    this.options = options;
  }

  /** Holds from the next text on. */
  setRules(rules: readonly GuardRule[]): RuleSet['problems'] {
    this.#rules = new RuleSet(rules);
    return this.#rules.problems;
  }

  /** Null: nothing need be looked at. */
  rules(direction: GuardDirection): DirectedRules | null {
    return this.#rules.of(direction);
  }

  /** What becomes of the user's words before anything answers them. Abort throws `cancelled`. */
  guardUser(text: string, options: CallOptions = {}): Promise<Guarded> {
    return this.#guardWhole(text, 'user', options);
  }

  /** The user's words without whatever the rules look for: for what is only prepared, and for words of earlier turns. */
  masked(text: string): string {
    const rules = this.rules('user');
    if (!rules || rules.matchers.length === 0) return text;
    const hits = scanText(rules.matchers, text).map((hit) =>
      hit.rule.action.type === 'replace'
        ? hit
        : { ...hit, rule: { ...hit.rule, action: { type: 'replace' as const, with: LEFT_OUT } } },
    );
    return replaceHits(text, hits);
  }

  /**
   * For the hook before a tool is called: every text among the arguments is looked at. The call is made with the arguments that come back, or not at
   * all. Waits when a rule asks a human; abort throws `cancelled`.
   */
  async checkToolCall(name: string, args: unknown, options: CallOptions = {}): Promise<GuardedCall> {
    if (!this.rules('tool')) return { allowed: true, args };
    let refusedBy: string | null = null;
    const guardText = async (text: string): Promise<string> => {
      if (refusedBy !== null) return text;
      const guarded = await this.#guardWhole(text, 'tool', options, `${name}: `);
      if (guarded.blocked) refusedBy = guarded.ruleName;
      return guarded.blocked ? text : guarded.text;
    };
    const changed = await mapTexts(args, guardText);
    return refusedBy === null ? { allowed: true, args: changed } : { allowed: false, ruleName: refusedBy };
  }

  logAction(entry: {
    rule: GuardRule;
    direction: GuardDirection;
    outcome: GuardOutcome;
    before: string;
    after: string;
  }): void {
    const { wallClock, log, logger, onLogged } = this.options;
    const { rule, ...rest } = entry;
    const atMs = wallClock.epochMs();
    const logged = { ruleId: rule.id, ruleName: rule.name, ...rest };
    const last = this.#lastLogged;
    if (last && atMs - last.atMs < SAME_ACTION_MS && JSON.stringify(last.entry) === JSON.stringify(logged)) return;
    this.#lastLogged = { entry: logged, atMs };
    try {
      log.add({ id: randomUUID(), at: new Date(atMs).toISOString(), ...logged });
      onLogged();
    } catch (error) {
      // The rule has done its work; an answer must not fail because its record cannot be written.
      logger.error('an action of the guardrails could not be recorded', { ruleId: rule.id, error });
    }
  }

  async #guardWhole(text: string, direction: GuardDirection, options: CallOptions, context = ''): Promise<Guarded> {
    const rules = this.rules(direction);
    if (!rules) return { blocked: false, text };
    const { judge, approvals } = this.options;
    const hits = scanText(rules.matchers, text);
    const hitRules: GuardRule[] = hits.map(({ rule }) => rule);
    for (const rule of rules.model) {
      const { question, timeoutMs, onFailure } = rule.check;
      if ((await judge.isYes({ question, text, timeoutMs }, options)) ?? onFailure === 'closed') hitRules.push(rule);
    }
    const rest = { direction, before: context + text };
    const blocking = hitRules.find(({ action }) => action.type === 'block');
    if (blocking) return this.#block(blocking, rest);
    for (const rule of new Set(hitRules.filter(({ action }) => action.type === 'ask'))) {
      if (rule.action.type !== 'ask') continue;
      const { timeoutMs } = rule.action;
      const question = { ruleName: rule.name, direction, text: context + text, timeoutMs };
      const isAllowed = await approvals.ask(question, options);
      throwIfAborted(options.signal, 'app');
      if (!isAllowed) return this.#block(rule, rest);
      this.logAction({ rule, outcome: 'allowed', ...rest, after: context + text });
    }
    let result = replaceHits(text, hits);
    for (const rule of new Set(hitRules)) {
      if (rule.action.type === 'replace') {
        if (rule.check.type === 'model') result = rule.action.with;
        this.logAction({ rule, outcome: 'replaced', ...rest, after: context + result });
      } else if (rule.action.type === 'rewrite') {
        const { instruction, timeoutMs } = rule.action;
        const rewritten = await judge.rewrite({ instruction, text: result, timeoutMs }, options);
        if (rewritten === null || scanText(rules.matchers, rewritten).length > 0) return this.#block(rule, rest);
        this.logAction({ rule, outcome: 'rewritten', ...rest, after: context + rewritten });
        result = rewritten;
      }
    }
    return { blocked: false, text: result };
  }

  #block(rule: GuardRule, { direction, before }: { direction: GuardDirection; before: string }): Guarded {
    const say = rule.action.type === 'replace' ? LEFT_OUT : rule.action.say;
    this.logAction({ rule, direction, outcome: 'blocked', before, after: direction === 'tool' ? '' : say });
    return { blocked: true, say, ruleName: rule.name };
  }
}

/** The same value with every text in it mapped, one after another; names of fields are left alone. */
async function mapTexts(value: unknown, map: (text: string) => Promise<string>, depth = 0): Promise<unknown> {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null || depth > MAX_ARGUMENT_DEPTH) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await mapTexts(item, map, depth + 1));
    return items;
  }
  const fields: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) fields.push([name, await mapTexts(field, map, depth + 1)]);
  return Object.fromEntries(fields);
}
