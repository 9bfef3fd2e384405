import type { SerialisedError } from '../../contract/errors.ts';
import type { ToolCall } from '../../ports/tool.ts';
import { ResponseWriter, type ServerEvent } from './response-writer.ts';

interface Answer {
  answerNumber: number;
  /** Of the response that is open for it; after a tool there is another one. */
  writer: ResponseWriter | null;
  text: string;
  /** Written in earlier responses of the same answer. */
  writtenChars: number;
}

export interface AnswerEnd {
  outcome: 'done' | 'interrupted' | 'failed';
  text: string;
  error: SerialisedError | null;
}

export interface AnswerResponsesOptions {
  newId(kind: string): string;
  send(event: ServerEvent): void;
  /** What of an answer was sent so far. */
  sentMs(answerNumber: number): number;
  /** Told whenever answers are wanted or not wanted: audio waits with the rest. */
  onAsked(isAsked: boolean): void;
}

const REMEMBERED_ITEMS = 256;

/**
 * The answers of a session as responses of the protocol, of which one is open at a time. While the client has not asked for a response (manual
 * turns, a tool's result that it has yet to give), what answers do waits here.
 */
export class AnswerResponses {
  readonly #options: AnswerResponsesOptions;
  readonly #answers = new Map<number, Answer>();
  readonly #waiting: { answerNumber: number; run: () => void }[] = [];
  /** Where the audio of an item begins within its answer. */
  readonly #items = new Map<string, { answerNumber: number; fromMs: number }>();
  #isAsked = true;

  constructor(options: AnswerResponsesOptions) {
    this.#options = options;
  }

  /** A response is being written. */
  get isActive(): boolean {
    return [...this.#answers.values()].some(({ writer }) => writer && !writer.isDone);
  }

  /** An answer is there, or waits to be asked for. */
  get isAnswering(): boolean {
    return this.#answers.size > 0 || this.#waiting.length > 0;
  }

  setAsked(isAsked: boolean): void {
    this.#isAsked = isAsked;
    // What is done may end the wish: after a tool's call, the rest waits again.
    while (this.#isAsked) {
      const next = this.#waiting.shift();
      if (!next) break;
      next.run();
    }
    this.#options.onAsked(this.#isAsked);
  }

  started(answerNumber: number): void {
    this.#answers.set(answerNumber, { answerNumber, writer: null, text: '', writtenChars: 0 });
    this.#whenAsked(answerNumber, () => void this.#writer(answerNumber));
  }

  text(answerNumber: number, text: string): void {
    this.#whenAsked(answerNumber, () => this.#write(answerNumber, text));
  }

  audio(answerNumber: number, pcm16: Buffer): void {
    this.#writer(answerNumber)?.audio(pcm16);
  }

  /** Ends the response with the call: what comes after it belongs to the response that the client asks for when it has the result. */
  toolCall(call: ToolCall, onNoAnswer: () => void): void {
    const answerNumber = [...this.#answers.keys()].at(-1);
    if (answerNumber === undefined) return onNoAnswer();
    this.#whenAsked(answerNumber, () => {
      const answer = this.#answers.get(answerNumber);
      const writer = this.#writer(answerNumber);
      if (!answer || !writer) return onNoAnswer();
      const { id: callId, name, arguments: args } = call;
      writer.functionCall({ id: this.#options.newId('item'), callId, name, arguments: args });
      writer.done('completed');
      answer.writtenChars = answer.text.length;
      this.setAsked(false);
    });
  }

  ended(answerNumber: number, end: AnswerEnd): void {
    if (end.outcome !== 'interrupted') return this.#whenAsked(answerNumber, () => this.#end(answerNumber, end));
    // What the client was never told of is dropped without a word.
    const still = this.#waiting.filter((each) => each.answerNumber !== answerNumber);
    this.#waiting.splice(0, Infinity, ...still);
    this.#end(answerNumber, end);
  }

  /** The answer that an item belongs to, and where it begins in it. */
  placeOf(itemId: string): { answerNumber: number; fromMs: number } | undefined {
    return this.#items.get(itemId);
  }

  #write(answerNumber: number, text: string): void {
    const answer = this.#answers.get(answerNumber);
    if (!answer || answer.text === text) return;
    answer.text = text;
    this.#writer(answerNumber)?.text(text.slice(answer.writtenChars));
  }

  #end(answerNumber: number, { outcome, text, error }: AnswerEnd): void {
    const answer = this.#answers.get(answerNumber);
    if (!answer) return;
    if (outcome === 'done') this.#write(answerNumber, text);
    // A failure is told in a response, so that whoever waits for one gets it.
    const writer = outcome === 'failed' ? this.#writer(answerNumber) : answer.writer;
    this.#answers.delete(answerNumber);
    writer?.done(outcome === 'done' ? 'completed' : outcome === 'failed' ? 'failed' : 'cancelled', error?.code);
  }

  #writer(answerNumber: number): ResponseWriter | null {
    const answer = this.#answers.get(answerNumber);
    if (!answer) return null;
    if (answer.writer && !answer.writer.isDone) return answer.writer;
    const { newId, send, sentMs } = this.#options;
    // Two answers at once (one is still being said): the protocol knows one response.
    for (const other of this.#answers.values()) other.writer?.done('cancelled');
    const itemId = newId('item');
    this.#items.set(itemId, { answerNumber, fromMs: sentMs(answerNumber) });
    if (this.#items.size > REMEMBERED_ITEMS) this.#items.delete(this.#items.keys().next().value!);
    answer.writer = new ResponseWriter({ responseId: newId('resp'), itemId, send });
    return answer.writer;
  }

  #whenAsked(answerNumber: number, run: () => void): void {
    if (this.#isAsked) run();
    else this.#waiting.push({ answerNumber, run });
  }
}
