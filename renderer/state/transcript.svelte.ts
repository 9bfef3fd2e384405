/// <reference types="svelte" />
import type { AppEvent } from '../../main/contract/messages.ts';
import type { TranscriptLine } from '../../main/contract/state.ts';

/** One line of the transcript. The object stays, its content is replaced: only the changed line is drawn again. */
export class TranscriptEntry {
  readonly id: string;
  #line: TranscriptLine;

  constructor(line: TranscriptLine) {
    this.id = line.id;
    this.#line = $state.raw(line);
  }

  get line(): TranscriptLine {
    return this.#line;
  }

  replace(line: TranscriptLine): void {
    this.#line = line;
  }
}

/** The conversation as the app tells it, in order of first appearance. */
export class Transcript {
  #entries: readonly TranscriptEntry[] = $state.raw([]);
  readonly #byId = new Map<string, TranscriptEntry>();

  get entries(): readonly TranscriptEntry[] {
    return this.#entries;
  }

  receive(event: AppEvent): void {
    if (event.type === 'line') this.#put(event.line);
    else if (event.type === 'lines-removed') this.#remove(new Set(event.ids));
    else if (event.type === 'snapshot') this.#replaceAll(event.lines);
  }

  #put(line: TranscriptLine): void {
    const entry = this.#byId.get(line.id);
    if (entry !== undefined) return entry.replace(line);
    const added = new TranscriptEntry(line);
    this.#byId.set(line.id, added);
    this.#entries = [...this.#entries, added];
  }

  #remove(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#byId.delete(id);
    this.#entries = this.#entries.filter(({ id }) => !ids.has(id));
  }

  /** Entries that are still there are kept, so that a reconnect does not draw the whole conversation anew. */
  #replaceAll(lines: readonly TranscriptLine[]): void {
    this.#entries = lines.map((line) => {
      const entry = this.#byId.get(line.id) ?? new TranscriptEntry(line);
      entry.replace(line);
      return entry;
    });
    this.#byId.clear();
    for (const entry of this.#entries) this.#byId.set(entry.id, entry);
  }
}
