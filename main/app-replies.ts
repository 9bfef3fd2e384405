import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { OwnReplies, badFile } from './cascade/reply-cache/own-replies-table.ts';
import type { RenderAhead } from './cascade/reply-cache/render-ahead.ts';
import type { ReplyCache } from './cascade/reply-cache/reply-cache.ts';
import { ReplyTally } from './cascade/reply-cache/reply-tally.ts';
import { clausesOf, spokenPieces, type ReadyAnswer } from './cascade/responder-chain.ts';
import type { SkillSet } from './cascade/skills/skill-set.ts';
import { readUtterance } from './cascade/utterance/utterance.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { ReplyCommand, ReplyFigures, TriedReply } from './contract/replies.ts';
import type { AgentLine } from './contract/state.ts';
import { writeFileAtomically } from './platform/atomic-file.ts';
import type { ParleyPaths } from './platform/paths.ts';
import { watchFile } from './platform/watch-file.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { ReplyFiguresStore } from './ports/reply-figures.ts';
import type { Notice } from './ports/voice-architecture.ts';
import { SqliteReplyFigures } from './records/sqlite-reply-figures.ts';
import type { ClientConnection } from './transport/app-endpoint.ts';

export interface AppRepliesOptions {
  clock: Clock;
  logger: Logger;
  paths: ParleyPaths;
  cache: ReplyCache;
  skills: SkillSet;
  report(error: SerialisedError): void;
  /** A problem of this code is no longer one. */
  solved(code: SerialisedError['code']): void;
  announce(notice: Notice): void;
}

/** Windows are told of new figures this often at most: rendering ahead makes five a second. */
const FIGURES_EVERY_MS = 1000;
/** Answers whose maker is remembered until they have been heard. */
const MAX_MADE = 32;

/** The user's own replies, what windows may do with them, and the count of who has answered. */
export class AppReplies {
  readonly #options: AppRepliesOptions;
  readonly #file: string;
  readonly #own: OwnReplies;
  readonly #figures: ReplyFiguresStore;
  readonly #tally: ReplyTally;
  readonly #watchers = new Set<ClientConnection>();
  readonly #stopWatching: () => void;
  /** Which intent or skill made an answer, by its text. */
  readonly #made = new Map<string, string>();
  #rendering: { ahead: RenderAhead; voiceId(): string | null; sentences: readonly string[] } | null = null;
  #cancelFigures: (() => void) | null = null;

  constructor(options: AppRepliesOptions) {
    const { paths, clock, logger } = options;
    this.#options = options;
    this.#file = join(paths.dataDir, 'replies.json');
    this.#figures = openFigures(options);
    this.#tally = new ReplyTally(this.#figures);
    this.#own = new OwnReplies({ file: fileAt(this.#file), onChange: () => this.#changed() });
    this.#stopWatching = watchFile(this.#file, { clock, logger, onChange: () => this.#own.reload() });
    this.#changed();
  }

  /** Every fixed answer is rendered ahead by `ahead`; `sentences` are those of the skills. */
  renderWith(rendering: { ahead: RenderAhead; voiceId(): string | null; sentences: readonly string[] }): void {
    this.#rendering = rendering;
    this.#setTexts();
  }

  /** One more clause is rendered, or the voice is another one. */
  renderingChanged(): void {
    this.#figuresChanged();
  }

  /** A stage has made an answer; it may be heard, or dropped. */
  made({ name, text }: ReadyAnswer): void {
    this.#made.delete(text);
    this.#made.set(text, name);
    if (this.#made.size > MAX_MADE) this.#made.delete(this.#made.keys().next().value!);
  }

  /** An answer has ended. */
  heard(line: AgentLine): void {
    const { answeredBy, timing, text, heardChars } = line;
    if (!answeredBy || answeredBy === 'notice' || heardChars === 0) return;
    const name = answeredBy === 'model' ? '' : (this.#made.get(text) ?? '');
    try {
      this.#tally.count({ source: answeredBy, name, tookMs: timing?.voiceToVoiceMs ?? null });
    } catch (error) {
      this.#options.logger.warn('an answer could not be counted', { error });
    }
    this.#figuresChanged();
  }

  /** Throws `replies-file-bad`, `disk-full`, `internal`. */
  async handle(connection: ClientConnection, command: ReplyCommand): Promise<void> {
    switch (command.type) {
      case 'watch-replies':
        return command.on ? this.#watch(connection) : this.forgetConnection(connection);
      case 'check-reply': {
        const { intent, replaces, save } = command;
        const { saved, issues } = await this.#own.check(intent, { replaces, save });
        return connection.send({ type: 'reply-checked', id: intent.id, saved, issues });
      }
      case 'remove-reply':
        return this.#own.remove(command.id);
      case 'switch-reply':
        return this.#own.switch(command.id, command.on);
      case 'import-replies':
        return this.#own.import(command.text);
      case 'try-reply':
        return connection.send({ type: 'reply-tried', tried: await this.#try(command.text, command.lastHeard) });
      case 'play-reply':
        return this.#play(command.text);
      case 'forget-reply-figures':
        this.#tally.forget();
        return this.#sendFigures(this.#watchers);
      default:
        command satisfies never;
    }
  }

  forgetConnection(connection: ClientConnection): void {
    this.#watchers.delete(connection);
  }

  close(): void {
    this.#stopWatching();
    this.#cancelFigures?.();
    this.#figures.close();
  }

  #changed(): void {
    const { cache, report, solved, logger } = this.#options;
    const { table, issues } = this.#own;
    cache.use(table);
    solved('replies-file-bad');
    if (issues.some(({ kind }) => kind === 'problem')) {
      const error = badFile(issues);
      logger.warn('the file of replies is not used', { error });
      report(error.serialise());
    }
    this.#setTexts();
    for (const connection of this.#watchers) this.#sendTable(connection);
    this.#figuresChanged();
  }

  #setTexts(): void {
    const { cache } = this.#options;
    this.#rendering?.ahead.setTexts([...cache.answers, ...this.#rendering.sentences]);
  }

  async #watch(connection: ClientConnection): Promise<void> {
    this.#watchers.add(connection);
    this.#sendTable(connection);
    await this.#sendFigures([connection]);
  }

  #sendTable(connection: ClientConnection): void {
    const { shown: intents, issues, ownText } = this.#own;
    connection.send({ type: 'replies', intents, file: this.#file, ownText, issues: [...issues] });
  }

  #figuresChanged(): void {
    if (this.#watchers.size === 0) return;
    this.#cancelFigures ??= this.#options.clock.schedule(FIGURES_EVERY_MS, () => {
      this.#cancelFigures = null;
      void this.#sendFigures(this.#watchers);
    });
  }

  async #sendFigures(connections: Iterable<ClientConnection>): Promise<void> {
    const rendering = this.#rendering;
    const voiceId = rendering?.voiceId() ?? null;
    const progress = rendering && voiceId !== null ? { ...(await rendering.ahead.progress()), voiceId } : null;
    const figures: ReplyFigures = {
      tallies: this.#tally.tallies,
      modelMedianMs: this.#tally.modelMedianMs,
      rendering: progress,
    };
    for (const connection of connections) connection.send({ type: 'reply-figures', figures });
  }

  async #try(text: string, lastHeard: string): Promise<TriedReply> {
    const { cache, skills } = this.#options;
    const request = { userText: text, history: lastHeard === '' ? [] : [{ user: '', heard: lastHeard }] };
    const stages = [
      { stage: 'follow-up', responder: skills.followUps },
      { stage: 'cache', responder: cache },
      { stage: 'skill', responder: skills },
    ] as const;
    let answer: TriedReply['answer'] = null;
    for (const { stage, responder } of stages) {
      const ready = responder.tryRespond(request);
      if (!ready) continue;
      answer = { stage, name: ready.name, text: ready.text, ...(await this.#rendered(ready.text)) };
      break;
    }
    return { text, forms: [...readUtterance(text).forms], answer, cache: cache.explain(request) };
  }

  async #rendered(text: string): Promise<{ clauses: number; rendered: number }> {
    const clauses = clausesOf(text);
    const audio = await Promise.all(
      clauses.map(async ({ text: each }) => (await this.#rendering?.ahead.find(each)) ?? null),
    );
    return { clauses: clauses.length, rendered: audio.filter((each) => each !== null).length };
  }

  /** The whole way of an answer, loudspeaker and echo cancellation with it: what is tried is what will be heard. */
  #play(text: string): void {
    const rendered = this.#rendering?.ahead;
    this.#options.announce({
      respond: async function* (options) {
        yield { type: 'source', source: 'notice' };
        yield* spokenPieces({ text }, { rendered, ...options });
      },
    });
  }
}

/** The user's table as a file, private to them. */
function fileAt(path: string): ConstructorParameters<typeof OwnReplies>[0]['file'] {
  return {
    read() {
      try {
        return readFileSync(path, 'utf8');
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw cause;
      }
    },
    async write(text) {
      try {
        await writeFileAtomically(path, text);
      } catch (cause) {
        const isFull = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
        throw ParleyError.from(cause, 'app', isFull ? 'disk-full' : 'internal');
      }
    },
    setAside: () => rename(path, `${path}.bad`),
  };
}

/** Without the file, answers are counted until the program ends. */
function openFigures({ paths, logger }: AppRepliesOptions): ReplyFiguresStore {
  try {
    return new SqliteReplyFigures(join(paths.dataDir, 'reply-figures.sqlite'));
  } catch (error) {
    logger.warn('the count of answers cannot be kept', { error });
    return new SqliteReplyFigures(':memory:');
  }
}
