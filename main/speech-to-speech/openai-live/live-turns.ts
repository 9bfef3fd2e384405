import type { Clock } from '../../ports/clock.ts';
import type { LineListener } from '../connection/line.ts';
import { PcmStream } from '../connection/pcm-stream.ts';

export interface LiveTurnsOptions {
  clock: Clock;
  listener: LineListener;
  sampleRateHz: number;
  after: LiveTurns | undefined;
}

/** A pause of this length is between two answers, not within one: longer than the pauses of read speech (up to 0.7 s between sentences). */
const ANSWER_ENDS_AFTER_MS = 1000;
/** The same for what the user says, whose transcript comes in fragments without an end. */
const WORDS_END_AFTER_MS = 1500;
/** −50 dBFS: what is below is the silence between answers, where a session streams that too. */
const LEAST_AMPLITUDE = 0.003;

/**
 * A session that knows no turns, cut into answers by its own pauses. Nobody says that the user begins: the model listens while it speaks and
 * falls silent by itself.
 */
export class LiveTurns {
  readonly #options: LiveTurnsOptions;
  readonly #pcm = new PcmStream();
  #nextId: number;
  #answerId: string | null = null;
  /** What is being said is not wanted, up to the next pause. */
  #isDropped = false;
  #item: { id: string; text: string } | null = null;
  #stopAnswerTimer: (() => void) | null = null;
  #stopWordsTimer: (() => void) | null = null;

  constructor(options: LiveTurnsOptions) {
    this.#options = options;
    this.#nextId = options.after ? options.after.#nextId : 1;
  }

  onAudio(base64: string): void {
    const pcm = this.#pcm.push(Buffer.from(base64, 'base64'));
    const isAudible = pcm.some((sample) => Math.abs(sample) > LEAST_AMPLITUDE);
    if (isAudible) this.#pauseLater();
    if (this.#isDropped || (this.#answerId === null && !isAudible) || pcm.length === 0) return;
    const answerId = this.#startAnswer();
    const { listener, sampleRateHz } = this.#options;
    listener.onEvent({ type: 'answer-audio', answerId, pcm, sampleRateHz });
  }

  onAnswerText(text: string): void {
    this.#pauseLater();
    if (this.#isDropped) return;
    this.#options.listener.onEvent({ type: 'answer-text', answerId: this.#startAnswer(), text });
  }

  onUserText(delta: string): void {
    this.#item ??= { id: this.#id('u'), text: '' };
    this.#item.text += delta;
    this.#tellWords(false);
    this.#stopWordsTimer?.();
    this.#stopWordsTimer = this.#options.clock.schedule(WORDS_END_AFTER_MS, () => this.#endWords());
  }

  drop(answerId: string): boolean {
    if (this.#answerId !== answerId) return false;
    this.#answerId = null;
    this.#isDropped = true;
    return true;
  }

  close(): void {
    this.#stopAnswerTimer?.();
    this.#stopWordsTimer?.();
  }

  #startAnswer(): string {
    if (this.#answerId !== null) return this.#answerId;
    this.#endWords();
    this.#answerId = this.#id('a');
    this.#options.listener.onEvent({ type: 'answer-started', answerId: this.#answerId });
    return this.#answerId;
  }

  #pauseLater(): void {
    this.#stopAnswerTimer?.();
    this.#stopAnswerTimer = this.#options.clock.schedule(ANSWER_ENDS_AFTER_MS, () => {
      this.#isDropped = false;
      this.#pcm.reset();
      const answerId = this.#answerId;
      this.#answerId = null;
      if (answerId !== null) this.#options.listener.onEvent({ type: 'answer-done', answerId, status: 'complete' });
    });
  }

  #endWords(): void {
    this.#stopWordsTimer?.();
    if (this.#item) this.#tellWords(true);
    this.#item = null;
  }

  #tellWords(final: boolean): void {
    const { id, text } = this.#item!;
    this.#options.listener.onEvent({ type: 'user-text', itemId: id, text: text.trim(), final });
  }

  #id(prefix: string): string {
    return `${prefix}${this.#nextId++}`;
  }
}
