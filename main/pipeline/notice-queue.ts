import type { Notice } from '../ports/voice-architecture.ts';

/** Notices that may wait for the floor; the oldest gives way. */
const MAX_NOTICES = 16;

/** What is to be said unasked, until the turn machine has found a moment for it. Each notice hears of its end exactly once. */
export class NoticeQueue {
  readonly #notices = new Map<number, Notice>();
  #nextId = 1;

  /** The number by which the notice is taken. */
  add(notice: Notice): number {
    if (this.#notices.size >= MAX_NOTICES) this.#drop(this.#notices.keys().next().value!);
    const id = this.#nextId++;
    this.#notices.set(id, notice);
    return id;
  }

  /** Undefined when it was dropped meanwhile. */
  take(id: number): Notice | undefined {
    const notice = this.#notices.get(id);
    this.#notices.delete(id);
    return notice;
  }

  close(): void {
    for (const id of this.#notices.keys()) this.#drop(id);
  }

  #drop(id: number): void {
    const notice = this.take(id);
    if (notice) neverBegun(notice);
  }
}

/** Tells a notice that nothing of it was said. */
export function neverBegun(notice: Notice): void {
  notice.onEnded?.({ outcome: 'interrupted', heardChars: 0 });
}
