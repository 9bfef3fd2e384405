import { randomUUID } from 'node:crypto';
import type { GuardDirection, GuardQuestion } from '../../contract/guardrails.ts';
import { onAbort } from '../../lib/abort.ts';
import { deferred } from '../../lib/deferred.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WallClock } from '../../ports/wall-clock.ts';

export interface ApprovalsOptions {
  clock: Clock;
  wallClock: WallClock;
  /** All that wait, after any change. */
  onChange(questions: GuardQuestion[]): void;
}

/** Texts that wait for a human's word. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #waiting = new Map<string, { question: GuardQuestion; settle(allow: boolean): void }>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  get questions(): GuardQuestion[] {
    return [...this.#waiting.values()].map(({ question }) => question);
  }

  /** False when nobody says yes in time. Abort takes the question back and says no. */
  async ask(
    question: { ruleName: string; direction: GuardDirection; text: string; timeoutMs: number },
    { signal }: CallOptions = {},
  ): Promise<boolean> {
    const { timeoutMs, ...shown } = question;
    const { clock, wallClock, onChange } = this.#options;
    const id = randomUUID();
    const until = new Date(wallClock.epochMs() + timeoutMs).toISOString();
    const answer = deferred<boolean>();
    this.#waiting.set(id, { question: { id, ...shown, until }, settle: answer.resolve });
    const cancelTimeout = clock.schedule(timeoutMs, () => answer.resolve(false));
    const stopListening = onAbort(signal, () => answer.resolve(false));
    onChange(this.questions);
    try {
      return await answer.promise;
    } finally {
      cancelTimeout();
      stopListening();
      this.#waiting.delete(id);
      onChange(this.questions);
    }
  }

  /** Nothing happens when the question is not there any more. */
  answer(questionId: string, allow: boolean): void {
    this.#waiting.get(questionId)?.settle(allow);
  }
}
