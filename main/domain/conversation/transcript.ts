import type { AnsweringArchitecture } from '../../contract/architecture.ts';
import type { SerialisedError } from '../../contract/errors.ts';
import type { AgentLine, AnswerSource, TranscriptLine, TurnTiming, UserLine } from '../../contract/state.ts';

/** Lines kept for windows that connect later. Older ones are forgotten here (records keep them). */
const MAX_LINES = 500;

/** Adds to a line what is known of it elsewhere. */
export type DescribeLine = <Line extends TranscriptLine>(line: Line) => Line;

/** The conversation as it is shown: ordered lines, each replaced as a whole when it changes. */
export class Transcript {
  readonly #lines = new Map<string, TranscriptLine>();
  readonly #describe: DescribeLine;
  #generation = 0;

  /** `describe` adds to a line what others know of it, whenever it is set. Default: nothing. */
  constructor(describe: DescribeLine = (line) => line) {
    this.#describe = describe;
  }

  get lines(): TranscriptLine[] {
    return [...this.#lines.values()];
  }

  setUser(
    options: Pick<
      UserLine,
      'text' | 'stableChars' | 'source' | 'status' | 'capture' | 'recognisedLocally' | 'claimedEmotion'
    > & { turnId: number; at: string },
  ): UserLine {
    const id = this.#id('user', options.turnId);
    const before = this.#lines.get(id);
    const line: UserLine = {
      ...options,
      role: 'user',
      id,
      turnId: this.#id('turn', options.turnId),
      at: before?.at ?? options.at,
    };
    return this.#set(line);
  }

  startAnswer({
    answerNumber,
    turnId,
    at,
    architecture,
  }: {
    answerNumber: number;
    turnId: number;
    at: string;
    architecture: AnsweringArchitecture;
  }): AgentLine {
    return this.#set({
      role: 'agent',
      id: this.#id('agent', answerNumber),
      turnId: this.#id('turn', turnId),
      at,
      architecture,
      status: 'thinking',
      text: '',
      heardChars: 0,
      error: null,
      timing: null,
    });
  }

  /** Undefined when there is no such line (any more). */
  updateAnswer(
    answerNumber: number,
    { text, heardChars }: { text: string; heardChars: number },
  ): AgentLine | undefined {
    const line = this.#answer(answerNumber);
    if (!line) return undefined;
    return this.#set({ ...line, text, heardChars, status: heardChars > 0 ? 'speaking' : line.status });
  }

  endAnswer(
    answerNumber: number,
    end: {
      status: 'done' | 'interrupted' | 'failed';
      text: string;
      heardChars: number;
      error: SerialisedError | null;
      timing: TurnTiming;
      answeredBy?: AnswerSource | null;
    },
  ): AgentLine | undefined {
    const line = this.#answer(answerNumber);
    return line && this.#set({ ...line, ...end });
  }

  /** What was heard of it, by the recogniser of this machine. */
  answerRecognised(answerNumber: number, recognisedLocally: string): AgentLine | undefined {
    const line = this.#answer(answerNumber);
    return line && this.#set({ ...line, recognisedLocally });
  }

  /** A turn that could not be understood or answered: a failed line in the place of an answer. */
  failTurn(options: { turnId: number; at: string; error: SerialisedError }): AgentLine {
    return this.#set({
      role: 'agent',
      id: this.#id('failed', options.turnId),
      turnId: this.#id('turn', options.turnId),
      at: options.at,
      status: 'failed',
      text: '',
      heardChars: 0,
      error: options.error,
      timing: null,
    });
  }

  /** With what has become known elsewhere since it was set. Undefined when there is no such line (any more). */
  describeAgain(lineId: string): TranscriptLine | undefined {
    const line = this.#lines.get(lineId);
    return line && this.#set(line);
  }

  /** Returns the ids that were there. */
  removeUser(turnId: number): string[] {
    return this.#remove(this.#id('user', turnId));
  }

  removeAnswer(answerNumber: number): string[] {
    return this.#remove(this.#id('agent', answerNumber));
  }

  clear(): string[] {
    const ids = [...this.#lines.keys()];
    this.#lines.clear();
    return ids;
  }

  /** Turn and answer numbers start over with each session; lines must not. */
  beginSession(): void {
    this.#generation++;
  }

  #id(kind: string, number: number): string {
    return `${kind}-${this.#generation}-${number}`;
  }

  #answer(answerNumber: number): AgentLine | undefined {
    const line = this.#lines.get(this.#id('agent', answerNumber));
    return line?.role === 'agent' ? line : undefined;
  }

  #set<Line extends TranscriptLine>(bare: Line): Line {
    const line = this.#describe(bare);
    this.#lines.set(line.id, line);
    if (this.#lines.size > MAX_LINES) this.#lines.delete(this.#lines.keys().next().value as string);
    return line;
  }

  #remove(id: string): string[] {
    return this.#lines.delete(id) ? [id] : [];
  }
}
