import type { GuardRule } from '../contract/guardrails.ts';
import type { DirectedRules } from '../domain/guardrails/rule-set.ts';
import { TextScan } from '../domain/guardrails/text-scan.ts';
import type { Clock } from '../ports/clock.ts';
import type { RemoteConnection, RemoteEvent, RemoteProvider } from './remote-voice.ts';

export interface StreamGuard {
  clock: Clock;
  /** For answers, of now; null: no rule is on. */
  rules(): DirectedRules | null;
  /** How long sound waits for its words. */
  holdBackMs(): number;
  /** An answer was ended by this rule, before `text` was over. */
  onHit(hit: { rule: GuardRule; text: string }): void;
}

interface GuardedAnswer {
  scan: TextScan<GuardRule>;
  text: string;
  /** Of `text`: given on. What a rule may still hit waits. */
  toldChars: number;
  isOver: boolean;
}

/**
 * A provider whose answers are read while they stream. Words of a model from sound to sound cannot be changed any more: what an answer rule finds ends
 * the answer before the words that it found, whatever its action says. Rules that need the whole answer (a model's judgement, must-say, length)
 * do not hold here.
 */
export function guardedProvider(provider: RemoteProvider, guard: StreamGuard): RemoteProvider {
  return {
    get id() {
      return provider.id;
    },
    get label() {
      return provider.label;
    },
    get kind() {
      return provider.kind;
    },
    get capabilities() {
      return { ...provider.capabilities, guardrails: true };
    },
    get unavailable() {
      return provider.unavailable;
    },
    async connect(options) {
      const stream = new GuardedStream(guard, (event) => options.onEvent(event));
      const connection = await provider.connect({ ...options, onEvent: (event) => stream.push(event) });
      return closing(connection, () => stream.close());
    },
  };
}

/** Events in their order, each after its delay. */
class GuardedStream {
  readonly #guard: StreamGuard;
  readonly #give: (event: RemoteEvent) => void;
  readonly #answers = new Map<string, GuardedAnswer>();
  /** Held back; the order of what belongs to one answer is kept, since all of it waits equally long. */
  readonly #held = new Map<() => void, string>();
  /** As it was when the answer began: one that changed in the middle would change the order. */
  readonly #delaysMs = new Map<string, number>();
  #isClosed = false;

  constructor(guard: StreamGuard, give: (event: RemoteEvent) => void) {
    this.#guard = guard;
    this.#give = give;
  }

  push(event: RemoteEvent): void {
    switch (event.type) {
      case 'answer-text':
        return this.#onText(event);
      case 'answer-audio':
        return this.#hold(event);
      case 'answer-done':
        return this.#onDone(event);
      case 'speech-started':
        // The user has the floor: what was held back will not be said.
        this.#drop();
        return this.#give(event);
      case 'closed':
        this.close();
        return this.#give(event);
      default:
        this.#give(event);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #onText(event: Extract<RemoteEvent, { type: 'answer-text' }>): void {
    const answer = this.#answer(event.answerId);
    if (!answer) return this.#give(event);
    if (answer.isOver) return;
    answer.text += event.text;
    const [hit] = answer.scan.push(event.text);
    if (hit) return this.#end(event.answerId, answer, hit);
    this.#tell(event.answerId, answer, answer.scan.settledTo);
  }

  #onDone(event: Extract<RemoteEvent, { type: 'answer-done' }>): void {
    const answer = this.#answers.get(event.answerId);
    if (answer?.isOver) return void this.#answers.delete(event.answerId);
    if (answer && event.status === 'complete') {
      const [hit] = answer.scan.end();
      if (hit) return this.#end(event.answerId, answer, hit);
      this.#tell(event.answerId, answer, answer.text.length);
    }
    this.#answers.delete(event.answerId);
    if (event.status === 'complete') return this.#hold(event);
    this.#drop(event.answerId);
    this.#give(event);
  }

  /** Undefined while no rule is on. An answer keeps the rules that it began with. */
  #answer(answerId: string): GuardedAnswer | undefined {
    const known = this.#answers.get(answerId);
    const rules = known ? null : this.#guard.rules();
    if (known || !rules) return known;
    const answer = { scan: new TextScan(rules.matchers), text: '', toldChars: 0, isOver: false };
    this.#answers.set(answerId, answer);
    return answer;
  }

  #tell(answerId: string, answer: GuardedAnswer, toChar: number): void {
    const text = answer.text.slice(answer.toldChars, toChar);
    if (text === '') return;
    answer.toldChars = toChar;
    this.#give({ type: 'answer-text', answerId, text });
  }

  #end(answerId: string, answer: GuardedAnswer, hit: { rule: GuardRule; start: number }): void {
    answer.isOver = true;
    this.#tell(answerId, answer, hit.start);
    this.#drop(answerId);
    // Whoever talks to the provider tells it that the rest is not wanted.
    this.#give({ type: 'answer-done', answerId, status: 'cancelled' });
    this.#guard.onHit({ rule: hit.rule, text: answer.text });
  }

  #hold(event: Extract<RemoteEvent, { answerId: string }>): void {
    if (this.#answers.get(event.answerId)?.isOver) return;
    const delayMs = this.#delaysMs.get(event.answerId) ?? (this.#guard.rules() ? this.#guard.holdBackMs() : 0);
    if (event.type === 'answer-done') this.#delaysMs.delete(event.answerId);
    else this.#delaysMs.set(event.answerId, delayMs);
    if (delayMs === 0) return this.#give(event);
    const cancel = this.#guard.clock.schedule(delayMs, () => {
      this.#held.delete(cancel);
      if (!this.#isClosed) this.#give(event);
    });
    this.#held.set(cancel, event.answerId);
  }

  /** Without an answer's id: everything. */
  #drop(ofAnswerId?: string): void {
    for (const [cancel, answerId] of this.#held) {
      if (ofAnswerId !== undefined && answerId !== ofAnswerId) continue;
      cancel();
      this.#held.delete(cancel);
    }
    if (ofAnswerId === undefined) this.#delaysMs.clear();
    else this.#delaysMs.delete(ofAnswerId);
  }
}

function closing(connection: RemoteConnection, onClose: () => void): RemoteConnection {
  return {
    inputRateHz: connection.inputRateHz,
    sendAudio: (pcm) => connection.sendAudio(pcm),
    sendText: (text) => connection.sendText(text),
    setTurnTaking: (turnTaking) => connection.setTurnTaking(turnTaking),
    beginTurn: () => connection.beginTurn(),
    endTurn: () => connection.endTurn(),
    cancelAnswer: (answer) => connection.cancelAnswer(answer),
    tell: (exchanges) => connection.tell?.(exchanges),
    sendToolResult: (result) => connection.sendToolResult(result),
    close() {
      onClose();
      return connection.close();
    },
  };
}
