import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Approvals } from './cascade/guardrails/approvals.ts';
import { GuardedResponder } from './cascade/guardrails/guarded-responder.ts';
import { Guardrails, type GuardedCall } from './cascade/guardrails/guardrails.ts';
import { ModelJudge } from './cascade/guardrails/model-judge.ts';
import { LexiconVoice } from './cascade/speech-text/lexicon-voice.ts';
import { speakableText } from './cascade/speech-text/speakable-text.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import {
  guardRulesFileSchema,
  lexiconFileSchema,
  type GuardCommand,
  type GuardDirection,
  type GuardRule,
  type GuardRulesFile,
  type GuardrailsState,
  type LexiconEntry,
  type LexiconFile,
} from './contract/guardrails.ts';
import { DEFAULT_GUARD_RULES } from './domain/guardrails/default-rules.ts';
import { replaceHits } from './domain/guardrails/replace-hits.ts';
import { scanText } from './domain/guardrails/text-scan.ts';
import { CheckedJsonFile } from './platform/checked-json-file.ts';
import { toPcm16 } from './lib/pcm16.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { CallOptions } from './ports/call-options.ts';
import type { Clock } from './ports/clock.ts';
import type { GuardrailLog } from './ports/guardrail-log.ts';
import type { Llm } from './ports/llm.ts';
import type { Logger } from './ports/logger.ts';
import type { Responder } from './ports/responder.ts';
import type { Tts } from './ports/tts.ts';
import type { WallClock } from './ports/wall-clock.ts';
import { SqliteGuardrailLog } from './records/sqlite-guardrail-log.ts';
import type { ClientConnection } from './transport/app-endpoint.ts';

export interface AppGuardrailsOptions {
  clock: Clock;
  wallClock: WallClock;
  logger: Logger;
  paths: ParleyPaths;
  llm: Llm;
  tts: Tts;
  /** The voice that speaks now. */
  voice(): { voiceId: string; weightsSha256: string } | null;
  report(error: SerialisedError): void;
  broadcast(event: { type: 'guard-questions'; questions: Approvals['questions'] }): void;
  /** Words are said in another way from now on. */
  onLexicon(): void;
}

/** Entries of the log that a window is shown. */
const SHOWN_LOG_ENTRIES = 200;
const SAMPLE_DEADLINE_MS = 8000;
/** A short sentence: 20 s of speech are 1 MB at most. */
const LONGEST_SAMPLE_SECONDS = 20;

/** The user's rules and pronunciations: their files, the record of what the rules did, and what windows may do with all of it. */
export class AppGuardrails {
  readonly voice: LexiconVoice;
  readonly #options: AppGuardrailsOptions;
  readonly #rules: CheckedJsonFile<GuardRulesFile>;
  readonly #lexicon: CheckedJsonFile<LexiconFile>;
  readonly #log: GuardrailLog;
  readonly #approvals: Approvals;
  readonly #guardrails: Guardrails;
  readonly #watchers = new Set<ClientConnection>();
  #problems: GuardrailsState['problems'] = [];

  constructor(options: AppGuardrailsOptions) {
    const { clock, wallClock, logger, paths, llm, tts } = options;
    this.#options = options;
    this.#rules = new CheckedJsonFile(join(paths.dataDir, 'guardrails.json'), {
      schema: guardRulesFileSchema,
      initial: DEFAULT_GUARD_RULES,
    });
    this.#lexicon = new CheckedJsonFile<LexiconFile>(join(paths.dataDir, 'lexicon.json'), {
      schema: lexiconFileSchema,
      initial: { version: 1, entries: [] },
    });
    for (const { notice } of [this.#rules, this.#lexicon]) {
      if (notice === null) continue;
      logger.error('a file was not used', { notice });
      options.report({ code: 'bad-input', stage: 'app', message: notice, retryable: false, detail: notice });
    }
    this.#log = openLog(options);
    this.#approvals = new Approvals({
      clock,
      wallClock,
      onChange: (questions) => options.broadcast({ type: 'guard-questions', questions }),
    });
    this.#guardrails = new Guardrails({
      judge: new ModelJudge({ llm, clock }),
      approvals: this.#approvals,
      log: this.#log,
      wallClock,
      logger,
      onLogged: () => this.#changed(),
    });
    this.#problems = [...this.#guardrails.setRules(this.#rules.current.rules)];
    this.voice = new LexiconVoice(tts, { takesPhonemes: () => this.#takesPhonemes });
    this.voice.setEntries(this.#lexicon.current.entries);
  }

  /** Whoever answers goes through the rules. */
  guarded(responder: Responder): Responder {
    return new GuardedResponder(responder, this.#guardrails);
  }

  /** For answers that can only be ended, not changed. */
  rulesForStreams(): ReturnType<Guardrails['rules']> {
    return this.#guardrails.rules('answer');
  }

  /** An answer of a model from sound to sound was ended by a rule. */
  streamEnded({ rule, text }: { rule: GuardRule; text: string }): void {
    this.#guardrails.logAction({ rule, direction: 'answer', outcome: 'cut', before: text, after: '' });
  }

  /** For the hook before a tool is called. See `Guardrails.checkToolCall`. */
  checkToolCall(name: string, args: unknown, options?: CallOptions): Promise<GuardedCall> {
    return this.#guardrails.checkToolCall(name, args, options);
  }

  /** What a sound depends on besides voice, pace and text: nothing while there are no entries. */
  withLexicon<Voice extends { weightsSha256: string }>(voice: Voice): Voice {
    const { entries } = this.#lexicon.current;
    if (entries.length === 0) return voice;
    const hash = createHash('sha256').update(JSON.stringify(entries)).digest('hex');
    return { ...voice, weightsSha256: `${voice.weightsSha256} ${hash}` };
  }

  /** Throws `bad-input`, `disk-full`, `internal`; `hear-word` also what the voice throws. */
  async handle(connection: ClientConnection, command: GuardCommand): Promise<void> {
    switch (command.type) {
      case 'watch-guardrails':
        return command.on ? this.#watch(connection) : this.forgetConnection(connection);
      case 'set-guard-rules':
        return this.#setRules(command.file);
      case 'reset-guard-rules':
        return this.#setRules(DEFAULT_GUARD_RULES);
      case 'set-lexicon':
        await this.#lexicon.set(command.file);
        this.voice.setEntries(command.file.entries);
        this.#options.onLexicon();
        return this.#changed();
      case 'hear-word':
        return this.#sample(connection, command.text, command.entry);
      case 'try-guardrails':
        return this.#try(connection, command.text, command.direction);
      case 'answer-guard-question':
        return this.#approvals.answer(command.questionId, command.allow);
      case 'forget-guard-log':
        this.#log.forget(command.ids);
        return this.#changed();
      default:
        command satisfies never;
    }
  }

  /** A window has connected: what waits for a human's word, waits in every window. */
  connected(connection: ClientConnection): void {
    const { questions } = this.#approvals;
    if (questions.length > 0) connection.send({ type: 'guard-questions', questions });
  }

  forgetConnection(connection: ClientConnection): void {
    this.#watchers.delete(connection);
  }

  close(): void {
    this.#log.close();
  }

  get #takesPhonemes(): boolean {
    return this.#options.voice()?.voiceId.startsWith('hibari') ?? false;
  }

  async #setRules(file: GuardRulesFile): Promise<void> {
    await this.#rules.set(file);
    this.#problems = [...this.#guardrails.setRules(file.rules)];
    this.#changed();
  }

  #watch(connection: ClientConnection): void {
    this.#watchers.add(connection);
    connection.send({ type: 'guardrails', guardrails: this.#state() });
    connection.send({ type: 'guard-questions', questions: this.#approvals.questions });
  }

  #changed(): void {
    if (this.#watchers.size === 0) return;
    const guardrails = this.#state();
    for (const connection of this.#watchers) connection.send({ type: 'guardrails', guardrails });
  }

  #state(): GuardrailsState {
    return {
      rules: this.#rules.current.rules,
      problems: this.#problems,
      lexicon: this.#lexicon.current.entries,
      takesPhonemes: this.#takesPhonemes,
      log: this.#log.newest(SHOWN_LOG_ENTRIES),
    };
  }

  #try(connection: ClientConnection, text: string, direction: GuardDirection): void {
    const matchers = this.#guardrails.rules(direction)?.matchers ?? [];
    const hits = scanText(matchers, text);
    connection.send({
      type: 'guard-tried',
      text,
      after: replaceHits(text, hits),
      hits: hits.map(({ rule, start, end }) => ({
        ruleName: rule.name,
        outcome: rule.action.type,
        text: text.slice(start, end),
      })),
    });
  }

  async #sample(connection: ClientConnection, text: string, entry: LexiconEntry | null): Promise<void> {
    const late = new AbortController();
    const cancelDeadline = this.#options.clock.schedule(SAMPLE_DEADLINE_MS, () => late.abort());
    const { sampleRateHz } = this.voice;
    const chunks: Buffer[] = [];
    let samples = 0;
    try {
      const entries = [
        ...this.#lexicon.current.entries.filter(({ word }) => word !== entry?.word),
        ...(entry ? [entry] : []),
      ];
      for await (const pcm of this.voice.synthesizeWith(entries, speakableText(text), { signal: late.signal })) {
        chunks.push(toPcm16(pcm));
        samples += pcm.length;
        if (samples > LONGEST_SAMPLE_SECONDS * sampleRateHz) break;
      }
    } finally {
      cancelDeadline();
    }
    connection.send({ type: 'spoken-sample', pcm16: Buffer.concat(chunks).toString('base64'), sampleRateHz });
  }
}

/** Without the file, what the rules do is kept until the program ends, and the user is told. */
function openLog({ paths, logger, report }: AppGuardrailsOptions): GuardrailLog {
  try {
    return new SqliteGuardrailLog(join(paths.dataDir, 'guardrail-log.sqlite'));
  } catch (cause) {
    const error = ParleyError.from(cause, 'app');
    logger.error('what the guardrails do cannot be kept', { error });
    report(error.serialise());
    return new SqliteGuardrailLog(':memory:');
  }
}
