import type { ApprovalAnswer, ToolApproval, ToolRisk } from '../contract/tools.ts';
import { ParleyError } from '../contract/errors.ts';
import { abortError, onAbort } from '../lib/abort.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import type { Clock } from '../ports/clock.ts';

export interface ApprovalsOptions {
  clock: Clock;
  newId(): string;
  /** How long a question stands before it counts as "no". Default 60 s. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** A model that asks for everything at once must not fill the window with questions. */
const MAX_PENDING = 4;

/** Calls that wait for the user's word in the window. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #pending = new Map<string, { approval: ToolApproval; answered: Deferred<ApprovalAnswer | 'unanswered'> }>();
  readonly #listeners = new Set<() => void>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  get pending(): ToolApproval[] {
    return [...this.#pending.values()].map(({ approval }) => approval);
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The user's answer, or `unanswered` after the time-out or when too many questions stand. Abort takes the question back and throws. */
  async ask(
    question: Omit<ToolApproval, 'id' | 'answers'>,
    { signal }: { signal: AbortSignal },
  ): Promise<ApprovalAnswer | 'unanswered'> {
    if (signal.aborted) throw abortError(signal, 'tool');
    if (this.#pending.size >= MAX_PENDING) return 'unanswered';
    const { clock, newId, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const approval: ToolApproval = { ...question, id: newId(), answers: answersFor(question.risk) };
    const answered = deferred<ApprovalAnswer | 'unanswered'>();
    this.#pending.set(approval.id, { approval, answered });
    this.#changed();
    const cancelTimer = clock.schedule(timeoutMs, () => answered.resolve('unanswered'));
    const stopListening = onAbort(signal, () => answered.reject(abortError(signal, 'tool')));
    try {
      return await answered.promise;
    } finally {
      cancelTimer();
      stopListening();
      this.#pending.delete(approval.id);
      this.#changed();
    }
  }

  /** From a window, by click or key. Throws `bad-input` for a question that no longer stands or an answer that it does not leave. */
  answer(id: string, answer: ApprovalAnswer): void {
    const found = this.#pending.get(id);
    if (!found?.approval.answers.includes(answer)) {
      throw new ParleyError({ code: 'bad-input', stage: 'tool', message: 'no such question, or no such answer to it' });
    }
    found.answered.resolve(answer);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What destroys is allowed once at a time. */
export function answersFor(risk: ToolRisk): ApprovalAnswer[] {
  return risk === 'destructive' ? ['once', 'deny'] : ['once', 'session', 'always', 'deny'];
}
