import { ParleyError } from '../../contract/errors.ts';
import type { Intent, IntentTable, ReplyIssue, ShownIntent } from '../../contract/replies.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { checkReplies } from './check-replies.ts';
import { everydayReplies, NO_OWN_REPLIES, withOwnIntents } from './intent-table.ts';
import { readReplies, withIntent, withoutIntent, withSwitched, writeReplies } from './own-replies.ts';
import { intentSchema } from '../../contract/replies.ts';

/** A text file. */
export interface RepliesFile {
  /** null when there is none. Throws what the file system throws. */
  read(): string | null;
  /** Whole or not at all. */
  write(text: string): Promise<void>;
  /** The file is renamed, so that another one can take its place. */
  setAside(): Promise<void>;
}

export interface OwnRepliesOptions {
  file: RepliesFile;
  shipped?: IntentTable;
  /** The table has changed, or what is wrong with it. */
  onChange(): void;
}

/** The user's own replies over the shipped ones. A file that makes no sense is left alone, and the shipped replies are used without it. */
export class OwnReplies {
  readonly #options: OwnRepliesOptions;
  readonly #shipped: IntentTable;
  readonly #changes = new SerialQueue('app');
  #own = NO_OWN_REPLIES;
  #issues: readonly ReplyIssue[] = [];
  #text: string | null = null;

  constructor(options: OwnRepliesOptions) {
    this.#options = options;
    this.#shipped = options.shipped ?? everydayReplies;
    this.#read();
  }

  /** What answers are taken from. */
  get table(): IntentTable {
    return withOwnIntents(this.#shipped, this.#own);
  }

  /** With a `problem` among them, the file is not used. */
  get issues(): readonly ReplyIssue[] {
    return this.#issues;
  }

  get ownText(): string {
    return writeReplies(this.#own);
  }

  /** Every intent there is, those that are switched off with them. */
  get shown(): ShownIntent[] {
    const own = new Set(this.#own.intents.map(({ id }) => id));
    const shipped = new Set(this.#shipped.intents.map(({ id }) => id));
    return withOwnIntents(this.#shipped, { ...this.#own, off: [] }).intents.map((intent) => ({
      ...intent,
      origin: !own.has(intent.id) ? 'shipped' : shipped.has(intent.id) ? 'changed' : 'own',
      isOn: !this.#own.off?.includes(intent.id),
    }));
  }

  /** The file may have changed. */
  reload(): void {
    if (this.#read()) this.#options.onChange();
  }

  /** What would be wrong with this intent in the user's table; with `save` and without a problem, it is kept there. */
  async check(
    draft: Intent,
    options: { replaces: string | null; save: boolean },
  ): Promise<{ saved: boolean; issues: ReplyIssue[] }> {
    const parsed = intentSchema.safeParse(draft);
    if (!parsed.success)
      return { saved: false, issues: parsed.error.issues.map(({ path, message }) => issueOf(draft.id, path, message)) };
    const intent = parsed.data;
    let issues: ReplyIssue[] = [];
    const add = (own: IntentTable): IntentTable => {
      const isTaken =
        intent.id !== options.replaces && [...own.intents, ...this.#shipped.intents].some(({ id }) => id === intent.id);
      if (isTaken)
        issues = [{ kind: 'problem', intentId: intent.id, words: 'There is an intent of this name already.' }];
      else {
        const next = withIntent(own, intent, options.replaces);
        issues = checkReplies(next, this.#shipped).filter(({ intentId }) => intentId === intent.id);
        return next;
      }
      return own;
    };
    const isFine = (): boolean => !issues.some(({ kind }) => kind === 'problem');
    if (!options.save) {
      add(this.#own);
      return { saved: false, issues };
    }
    await this.#change((own) => {
      const next = add(own);
      return isFine() ? next : own;
    });
    return { saved: isFine(), issues };
  }

  async remove(id: string): Promise<void> {
    await this.#change((own) => withoutIntent(own, id));
  }

  async switch(id: string, isOn: boolean): Promise<void> {
    await this.#change((own) => withSwitched(own, id, isOn));
  }

  /** Throws `replies-file-bad` with what is wrong, and changes nothing then. A file that could not be read before is kept beside it. */
  async import(text: string): Promise<void> {
    await this.#changes.run(async () => {
      const { table, issues } = judged(text, this.#shipped);
      if (!table) throw badFile(issues);
      this.#read();
      if (this.#isBad) await this.#options.file.setAside();
      await this.#write(writeReplies(table));
    });
  }

  get #isBad(): boolean {
    return this.#issues.some(({ kind }) => kind === 'problem');
  }

  /** What was edited by hand a moment ago is read before, so that nothing of it is lost. */
  async #change(edit: (own: IntentTable) => IntentTable): Promise<void> {
    await this.#changes.run(async () => {
      this.reload();
      if (this.#isBad) throw badFile(this.#issues);
      const next = edit(this.#own);
      if (next !== this.#own) await this.#write(writeReplies(next));
    });
  }

  async #write(text: string): Promise<void> {
    await this.#options.file.write(text);
    this.reload();
  }

  /** Whether anything is different from before. */
  #read(): boolean {
    const text = readText(this.#options.file);
    if (typeof text !== 'string' && text !== null) {
      this.#own = NO_OWN_REPLIES;
      this.#issues = [text];
      this.#text = null;
      return true;
    }
    if (text === this.#text && !this.#isBad) return false;
    this.#text = text;
    const { table, issues } = text === null ? { table: NO_OWN_REPLIES, issues: [] } : judged(text, this.#shipped);
    this.#own = table ?? NO_OWN_REPLIES;
    this.#issues = issues;
    return true;
  }
}

/** The error that a user is told of. */
export function badFile(issues: readonly ReplyIssue[]): ParleyError {
  const issue = issues.find(({ kind }) => kind === 'problem');
  const about = issue?.intentId == null ? '' : `"${issue.intentId}": `;
  return new ParleyError({ code: 'replies-file-bad', stage: 'app', detail: `${about}${issue?.words ?? ''}` });
}

function judged(text: string, shipped: IntentTable): { table: IntentTable | null; issues: ReplyIssue[] } {
  const read = readReplies(text);
  if ('mistake' in read) return { table: null, issues: [{ kind: 'problem', intentId: null, words: read.mistake }] };
  const issues = checkReplies(read.table, shipped);
  return { table: issues.some(({ kind }) => kind === 'problem') ? null : read.table, issues };
}

function readText(file: RepliesFile): string | null | ReplyIssue {
  try {
    return file.read();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    return { kind: 'problem', intentId: null, words: `it cannot be opened (${code})` };
  }
}

const FIELD_WORDS: Record<string, string> = {
  id: 'The name',
  phrases: 'A phrase',
  answers: 'An answer',
  when: 'The condition',
};

function issueOf(intentId: string, path: readonly PropertyKey[], message: string): ReplyIssue {
  const field = FIELD_WORDS[String(path[0])] ?? 'The intent';
  return { kind: 'problem', intentId, words: `${field} cannot be used: ${message}.` };
}
