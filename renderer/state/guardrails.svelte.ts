/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import {
  GUARDRAILS_VERSION,
  guardRulesFileSchema,
  LEXICON_VERSION,
  lexiconFileSchema,
  type GuardCommand,
  type GuardDirection,
  type GuardrailsState,
  type GuardRule,
  type LexiconEntry,
} from '../../main/contract/guardrails.ts';
import type { AppEvent } from '../../main/contract/messages.ts';
import type { ParleyClient } from '../client/parley-client.ts';
import { playPcm16 } from '../client/play-sample.ts';
import type { Notices } from './notices.svelte.ts';

export type GuardTrial = Extract<AppEvent, { type: 'guard-tried' }>;

/** Rules, pronunciations and the record as this window knows them, while somebody looks at them. */
export class Guardrails {
  readonly #client: ParleyClient;
  readonly #notices: Notices;
  #state: GuardrailsState | null = $state.raw(null);
  #tried: GuardTrial | null = $state.raw(null);

  constructor({ client, notices }: { client: ParleyClient; notices: Notices }) {
    this.#client = client;
    this.#notices = notices;
  }

  /** null until the app has told it. */
  get state(): GuardrailsState | null {
    return this.#state;
  }

  get tried(): GuardTrial | null {
    return this.#tried;
  }

  /** The app sends everything from now on; the returned function ends that. */
  watch(): () => void {
    const begin = (): void => void this.#do({ type: 'watch-guardrails', on: true });
    const stopEvents = this.#client.onEvent((event) => this.#receive(event));
    const stopConnection = this.#client.onConnection((connection) => {
      if (connection === 'connected') begin();
    });
    if (this.#client.connection === 'connected') begin();
    return () => {
      stopEvents();
      stopConnection();
      if (this.#client.connection === 'connected') void this.#do({ type: 'watch-guardrails', on: false });
    };
  }

  /** Puts the rule in the place of the one with its id, or at the end. */
  putRule(rule: GuardRule): Promise<boolean> {
    const rules = this.#state?.rules ?? [];
    const isKnown = rules.some(({ id }) => id === rule.id);
    return this.#setRules(isKnown ? rules.map((each) => (each.id === rule.id ? rule : each)) : [...rules, rule]);
  }

  removeRule(id: string): void {
    void this.#setRules((this.#state?.rules ?? []).filter((rule) => rule.id !== id));
  }

  resetRules(): void {
    void this.#do({ type: 'reset-guard-rules' });
  }

  /** The rules as they are exported. */
  get rulesText(): string {
    return `${JSON.stringify({ version: GUARDRAILS_VERSION, rules: this.#state?.rules ?? [] }, undefined, 2)}\n`;
  }

  get lexiconText(): string {
    return `${JSON.stringify({ version: LEXICON_VERSION, entries: this.#state?.lexicon ?? [] }, undefined, 2)}\n`;
  }

  /** What is wrong with the file, in words; null when it is in use now. */
  async importRules(text: string): Promise<string | null> {
    const parsed = guardRulesFileSchema.safeParse(parsedJson(text));
    if (!parsed.success) return issueWords(parsed.error.issues);
    return (await this.#do({ type: 'set-guard-rules', file: parsed.data })) ? null : 'Parley did not take it.';
  }

  async importLexicon(text: string): Promise<string | null> {
    const parsed = lexiconFileSchema.safeParse(parsedJson(text));
    if (!parsed.success) return issueWords(parsed.error.issues);
    return (await this.setLexicon(parsed.data.entries)) ? null : 'Parley did not take it.';
  }

  setLexicon(entries: LexiconEntry[]): Promise<boolean> {
    return this.#do({ type: 'set-lexicon', file: { version: LEXICON_VERSION, entries } });
  }

  hear(text: string, entry: LexiconEntry | null): void {
    void this.#do({ type: 'hear-word', text, entry });
  }

  async try(text: string, direction: GuardDirection): Promise<void> {
    if (text.trim() === '') this.#tried = null;
    else await this.#do({ type: 'try-guardrails', text, direction });
  }

  forget(ids: string[] | null): void {
    void this.#do({ type: 'forget-guard-log', ids });
  }

  #setRules(rules: GuardRule[]): Promise<boolean> {
    return this.#do({ type: 'set-guard-rules', file: { version: GUARDRAILS_VERSION, rules } });
  }

  #receive(event: AppEvent): void {
    if (event.type === 'guardrails') this.#state = event.guardrails;
    else if (event.type === 'guard-tried') this.#tried = event;
    else if (event.type === 'spoken-sample') playPcm16(event);
  }

  /** True when the app has done it; what went wrong is shown. */
  async #do(command: GuardCommand): Promise<boolean> {
    try {
      await this.#client.command(command);
      return true;
    } catch (cause) {
      const error = ParleyError.from(cause, 'transport');
      if (error.code !== 'cancelled') this.#notices.addError(command.type, error);
      return false;
    }
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function issueWords(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  const [issue] = issues;
  if (!issue) return 'The file does not fit.';
  return issue.path.length === 0 ? issue.message : `${issue.path.join(' › ')}: ${issue.message}`;
}
