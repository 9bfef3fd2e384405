import { Approvals } from '../../../../main/cascade/guardrails/approvals.ts';
import { GuardedResponder } from '../../../../main/cascade/guardrails/guarded-responder.ts';
import { Guardrails } from '../../../../main/cascade/guardrails/guardrails.ts';
import { ModelJudge } from '../../../../main/cascade/guardrails/model-judge.ts';
import { ClauseSplitter } from '../../../../main/cascade/speech-text/split-clauses.ts';
import type {
  GuardAction,
  GuardCheck,
  GuardLogEntry,
  GuardQuestion,
  GuardRule,
} from '../../../../main/contract/guardrails.ts';
import { ParleyError } from '../../../../main/contract/errors.ts';
import type { CallOptions } from '../../../../main/ports/call-options.ts';
import type { Llm, LlmRequest } from '../../../../main/ports/llm.ts';
import type { ReplyPiece, ReplyRequest, Responder } from '../../../../main/ports/responder.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

/** A model that says what it is told to; `null`: never. */
export class ScriptedLlm implements Llm {
  says: (string | null)[] = [];
  readonly asked: string[] = [];

  async *generate(request: LlmRequest, { signal }: CallOptions = {}): AsyncIterable<string> {
    this.asked.push(request.messages.at(-1)!.content);
    const answer = this.says.shift();
    if (answer === undefined) throw new ParleyError({ code: 'engine-failed', stage: 'think' });
    if (answer === null) {
      const aborted = Promise.withResolvers<void>();
      signal?.addEventListener('abort', () => aborted.resolve());
      await aborted.promise;
      throw new ParleyError({ code: 'cancelled', stage: 'think' });
    }
    yield answer;
  }

  preload(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Writes the text as a language model would, in the given pieces, and cuts it into clauses. */
export class WritingResponder implements Responder {
  readonly requests: ReplyRequest[] = [];
  readonly anticipated: ReplyRequest[] = [];
  /** What was taken of the answer so far. */
  written = '';
  isClosed = false;
  readonly #pieces: readonly string[];
  readonly #before: readonly ReplyPiece[];

  constructor(pieces: readonly string[], before: readonly ReplyPiece[] = []) {
    this.#pieces = pieces;
    this.#before = before;
  }

  async *respond(request: ReplyRequest): AsyncIterable<ReplyPiece> {
    this.requests.push(request);
    const splitter = new ClauseSplitter();
    let text = '';
    const out = function* (clauses: ReturnType<ClauseSplitter['push']>): Generator<ReplyPiece> {
      for (const clause of clauses) {
        yield { type: 'text', text: text.slice(clause.startChar, clause.endChar) };
        yield { type: 'clause', clause };
      }
    };
    try {
      yield { type: 'source', source: 'model' };
      yield* this.#before;
      for (const piece of this.#pieces) {
        text += piece;
        this.written = text;
        yield* out(splitter.push(piece));
      }
      yield* out(splitter.end());
    } finally {
      this.isClosed = true;
    }
  }

  anticipate(request: ReplyRequest): void {
    this.anticipated.push(request);
  }
}

export function guardRig(responder: Responder): {
  clock: FakeClock;
  llm: ScriptedLlm;
  log: GuardLogEntry[];
  approvals: Approvals;
  asked: GuardQuestion[];
  guardrails: Guardrails;
  guarded: GuardedResponder;
} {
  const clock = new FakeClock();
  const llm = new ScriptedLlm();
  const log: GuardLogEntry[] = [];
  const asked: GuardQuestion[] = [];
  const wallClock = { epochMs: () => 1_900_000_000_000 + clock.nowMs(), timeZone: () => 'UTC' };
  const approvals = new Approvals({ clock, wallClock, onChange: (questions) => asked.push(...questions) });
  const guardrails = new Guardrails({
    judge: new ModelJudge({ llm, clock }),
    approvals,
    log: { add: (entry) => log.push(entry) },
    wallClock,
    logger: new RecordingLogger(),
    onLogged: () => {},
  });
  return { clock, llm, log, approvals, asked, guardrails, guarded: new GuardedResponder(responder, guardrails) };
}

export function rule(
  check: GuardCheck,
  action: GuardAction,
  { id = 'rule', directions = ['answer'] }: Partial<Pick<GuardRule, 'id' | 'directions'>> = {},
): GuardRule {
  return { id, name: `Rule ${id}`, enabled: true, directions, check, action };
}

export interface Heard {
  /** The text that is shown. */
  text: string;
  clauses: { spoken: string; written: string; hasAudio: boolean }[];
  effects: number;
}

export async function heard(pieces: AsyncIterable<ReplyPiece>): Promise<Heard> {
  const all: Extract<ReplyPiece, { type: 'clause' }>[] = [];
  let text = '';
  let effects = 0;
  for await (const piece of pieces) {
    if (piece.type === 'text') text += piece.text;
    else if (piece.type === 'clause') all.push(piece);
    else if (piece.type === 'effect') effects++;
  }
  const clauses = all.map(({ clause, audio }) => ({
    spoken: clause.text,
    written: text.slice(clause.startChar, clause.endChar),
    hasAudio: audio !== undefined,
  }));
  return { text, clauses, effects };
}

export const REQUEST: ReplyRequest = { history: [], userText: 'Tell me.' };
