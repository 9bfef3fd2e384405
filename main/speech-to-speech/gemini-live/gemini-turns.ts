import type { LiveServerContent, Transcription } from '@google/genai';
import type { Clock } from '../../ports/clock.ts';
import type { LineListener } from '../connection/line.ts';
import { PcmStream } from '../connection/pcm-stream.ts';
import type { TurnTaking } from '../remote-voice.ts';

export interface GeminiTurnsOptions {
  clock: Clock;
  listener: LineListener;
  turnTaking: TurnTaking;
  /** Of the line before, for the numbering. */
  after: GeminiTurns | undefined;
}

const OUTPUT_RATE_HZ = 24_000;
/** Words of the question come until this long after the answer to them has begun; later ones are said into the answer. */
const LATE_WORDS_MS = 1000;
/** A turn that was dropped and is silent for this long is over, should its end be lost. */
const DROPPED_UNTIL_SILENT_MS = 3000;

interface Item {
  id: string;
  text: string;
}

/**
 * Google's stream of content as turns. Its transcripts come whenever they come, its detector tells of itself by `interrupted` only, and audio of
 * an interrupted turn is still on its way afterwards, until `turnComplete`.
 */
export class GeminiTurns {
  readonly #options: GeminiTurnsOptions;
  readonly #pcm = new PcmStream();
  #nextId: number;
  /** What the model says in this turn of its; `isDone`: all of it has come. */
  #answer: { id: string; startedMs: number; isDone: boolean } | null = null;
  /** Since when the rest of the model's turn is not wanted: the last time that something of it came. */
  #droppedMs: number | null = null;
  #item: Item | null = null;
  /** What is said into an answer: a barge-in if it is followed by `interrupted`. */
  #overlap = '';
  #isHearing = false;

  constructor(options: GeminiTurnsOptions) {
    this.#options = options;
    this.#nextId = options.after ? options.after.#nextId : 1;
  }

  onContent(content: LiveServerContent): void {
    if (content.inputTranscription) this.#onWords(content.inputTranscription);
    if (content.interrupted) this.#onInterrupted();
    for (const { inlineData } of content.modelTurn?.parts ?? []) {
      if (inlineData?.data && inlineData.mimeType?.startsWith('audio/'))
        this.#onAudio(inlineData.data, inlineData.mimeType);
    }
    if (content.outputTranscription?.text) this.#onAnswerText(content.outputTranscription.text);
    if (content.generationComplete) this.#endAnswer('complete');
    if (content.turnComplete) this.#onTurnComplete();
  }

  onToolCall(call: { callId: string; name: string; arguments: string }): void {
    this.#finishWords();
    this.#options.listener.onEvent({ type: 'tool-call', ...call });
  }

  /** The rest of this answer is not wanted. */
  drop(answerId: string): void {
    if (this.#answer?.id === answerId) this.#drop();
  }

  #onWords({ text = '', finished = false }: Transcription): void {
    if (this.#answer && (this.#item || this.#answer.isDone) && !this.#isLateWords()) {
      this.#overlap += text;
      return;
    }
    if (text === '' && !this.#item) return;
    if (!this.#item) this.#beginItem();
    this.#item!.text += text;
    const isFinal = finished || this.#answer !== null;
    this.#tellWords(isFinal);
    if (finished) this.#stopHearing();
  }

  /** The words of the question that is being answered. */
  #isLateWords(): boolean {
    return this.#options.clock.nowMs() - this.#answer!.startedMs < LATE_WORDS_MS;
  }

  #onInterrupted(): void {
    // It also comes where nothing is said and nobody has spoken (googleapis/python-genai 2333).
    if (!this.#answer && this.#droppedMs === null) return;
    this.#endAnswer('cancelled');
    this.#drop();
    this.#beginItem();
    if (this.#overlap !== '') {
      this.#item!.text = this.#overlap;
      this.#overlap = '';
      this.#tellWords(false);
    }
  }

  #onAudio(base64: string, mimeType: string): void {
    if (this.#isDropped()) return;
    const answerId = this.#startAnswer();
    const pcm = this.#pcm.push(Buffer.from(base64, 'base64'));
    const rate = /rate=(\d+)/.exec(mimeType)?.[1];
    const sampleRateHz = rate ? Number(rate) : OUTPUT_RATE_HZ;
    if (pcm.length > 0) this.#options.listener.onEvent({ type: 'answer-audio', answerId, pcm, sampleRateHz });
  }

  #onAnswerText(text: string): void {
    if (this.#isDropped()) return;
    this.#options.listener.onEvent({ type: 'answer-text', answerId: this.#startAnswer(), text });
  }

  #onTurnComplete(): void {
    this.#endAnswer('complete');
    this.#answer = null;
    // After an interruption the item is what the user is saying now.
    if (this.#droppedMs === null) this.#item = null;
    this.#droppedMs = null;
    if (this.#overlap === '') return;
    // Said into the answer without stopping it.
    this.#item = { id: this.#id('u'), text: this.#overlap };
    this.#overlap = '';
    this.#tellWords(true);
    this.#item = null;
  }

  #startAnswer(): string {
    if (this.#answer) return this.#answer.id;
    this.#finishWords();
    this.#pcm.reset();
    this.#answer = { id: this.#id('a'), startedMs: this.#options.clock.nowMs(), isDone: false };
    this.#options.listener.onEvent({ type: 'answer-started', answerId: this.#answer.id });
    return this.#answer.id;
  }

  #endAnswer(status: 'complete' | 'cancelled'): void {
    if (!this.#answer || this.#answer.isDone) return;
    this.#answer.isDone = true;
    this.#options.listener.onEvent({ type: 'answer-done', answerId: this.#answer.id, status });
  }

  #drop(): void {
    if (this.#answer) this.#answer.isDone = true;
    this.#answer = null;
    this.#droppedMs = this.#options.clock.nowMs();
  }

  #isDropped(): boolean {
    if (this.#droppedMs === null) return false;
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#droppedMs > DROPPED_UNTIL_SILENT_MS) {
      this.#droppedMs = null;
      return false;
    }
    this.#droppedMs = nowMs;
    return true;
  }

  /** With local turns the session knows itself when the user begins. */
  #beginItem(): void {
    this.#item = { id: this.#id('u'), text: '' };
    if (this.#options.turnTaking === 'local' || (this.#answer && !this.#answer.isDone)) return;
    this.#isHearing = true;
    this.#options.listener.onEvent({ type: 'speech-started', itemId: this.#item.id });
  }

  #tellWords(final: boolean): void {
    const { id, text } = this.#item!;
    this.#options.listener.onEvent({ type: 'user-text', itemId: id, text: text.trimStart(), final });
  }

  /** What the user said is whole: it is being answered. */
  #finishWords(): void {
    if (this.#item && this.#item.text !== '') this.#tellWords(true);
    this.#stopHearing();
  }

  #stopHearing(): void {
    if (!this.#isHearing) return;
    this.#isHearing = false;
    this.#options.listener.onEvent({ type: 'speech-stopped' });
  }

  #id(prefix: string): string {
    return `${prefix}${this.#nextId++}`;
  }
}
