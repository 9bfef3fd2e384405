import type { LineListener } from '../connection/line.ts';
import { PcmStream } from '../connection/pcm-stream.ts';
import type { TurnTaking } from '../remote-voice.ts';
import { OUTPUT_RATE_HZ } from './ultravox-call.ts';
import type { UltravoxTranscript } from './ultravox-messages.ts';

type State = 'idle' | 'listening' | 'thinking' | 'speaking';

const REMEMBERED_STRETCHES = 16;

/** States, transcripts and bare sound as turns. */
export class UltravoxTurns {
  readonly #listener: LineListener;
  readonly #pcm = new PcmStream();
  #turnTaking: TurnTaking;
  #nextId: number;
  #state: State = 'idle';
  #answerId: string | null = null;
  /** The words of each stretch, by ordinal, and whose they are: they come as the whole so far or as what is new, and after the answer's end too. */
  #stretches = new Map<number, { answerId: string; text: string }>();
  /** The rest of what is being said is not wanted; until the server stops speaking. */
  #isDropped = false;
  #itemId: string | null = null;
  #isHearing = false;
  /** What makes the model think next is no voice: typed words, the result of a tool. */
  #isAsked = false;

  constructor(options: { listener: LineListener; turnTaking: TurnTaking; after: UltravoxTurns | undefined }) {
    this.#listener = options.listener;
    this.#turnTaking = options.turnTaking;
    this.#nextId = options.after ? options.after.#nextId : 1;
  }

  setTurnTaking(turnTaking: TurnTaking): void {
    this.#turnTaking = turnTaking;
  }

  /** It will think, and nobody has spoken. */
  onAsked(): void {
    this.#isAsked = true;
  }

  onState(state: State): void {
    const before = this.#state;
    this.#state = state;
    if (state !== 'speaking') {
      this.#endAnswer('complete');
      this.#isDropped = false;
    }
    if (state === 'thinking' && before !== 'thinking') {
      if (!this.#isAsked && this.#itemId === null) this.#beginItem();
      this.#isAsked = false;
      this.#stopHearing();
    }
    if (state === 'speaking') this.#stopHearing();
  }

  onTranscript({ role, medium, text, delta, final = false, ordinal = 0 }: UltravoxTranscript): void {
    // Typed words come back; the session has them.
    if (role === 'user' && medium !== 'text') this.#onUserWords(text ?? delta ?? '', final);
    if (role === 'agent') this.#onAgentWords({ text, delta, ordinal });
  }

  onAudio(bytes: Buffer): void {
    if (this.#isDropped || bytes.length === 0) return;
    const answerId = this.#startAnswer();
    const pcm = this.#pcm.push(bytes);
    if (pcm.length === 0) return;
    this.#listener.onEvent({ type: 'answer-audio', answerId, pcm, sampleRateHz: OUTPUT_RATE_HZ });
  }

  /** The user speaks into the answer: what we have of it is not to be played. */
  onClearBuffer(): void {
    this.#endAnswer('cancelled');
    this.#isDropped = true;
    this.#beginItem();
  }

  drop(answerId: string): boolean {
    if (this.#answerId !== answerId) return false;
    this.#answerId = null;
    this.#isDropped = true;
    return true;
  }

  #onUserWords(text: string, final: boolean): void {
    const itemId = this.#itemId ?? this.#id('u');
    this.#itemId = final ? null : itemId;
    this.#listener.onEvent({ type: 'user-text', itemId, text: text.trim(), final });
  }

  #onAgentWords({ text, delta, ordinal }: Pick<UltravoxTranscript, 'text' | 'delta'> & { ordinal: number }): void {
    const known = this.#stretches.get(ordinal);
    if (this.#isDropped) return;
    const said = known?.text ?? '';
    const added = typeof text === 'string' ? (text.startsWith(said) ? text.slice(said.length) : '') : (delta ?? '');
    if (added === '') return;
    const answerId = known?.answerId ?? this.#startAnswer();
    const isNext = !known && [...this.#stretches.values()].some((stretch) => stretch.answerId === answerId);
    this.#stretches.set(ordinal, { answerId, text: said + added });
    if (this.#stretches.size > REMEMBERED_STRETCHES) this.#stretches.delete(this.#stretches.keys().next().value!);
    this.#listener.onEvent({ type: 'answer-text', answerId, text: (isNext ? ' ' : '') + added });
  }

  #startAnswer(): string {
    if (this.#answerId !== null) return this.#answerId;
    this.#stopHearing();
    this.#pcm.reset();
    this.#answerId = this.#id('a');
    this.#listener.onEvent({ type: 'answer-started', answerId: this.#answerId });
    return this.#answerId;
  }

  #endAnswer(status: 'complete' | 'cancelled'): void {
    if (this.#answerId === null) return;
    const answerId = this.#answerId;
    this.#answerId = null;
    this.#listener.onEvent({ type: 'answer-done', answerId, status });
  }

  /** With local turns the session knows itself when the user begins. */
  #beginItem(): void {
    this.#itemId = this.#id('u');
    if (this.#turnTaking === 'local') return;
    this.#isHearing = true;
    this.#listener.onEvent({ type: 'speech-started', itemId: this.#itemId });
  }

  #stopHearing(): void {
    if (!this.#isHearing) return;
    this.#isHearing = false;
    this.#listener.onEvent({ type: 'speech-stopped' });
  }

  #id(prefix: string): string {
    return `${prefix}${this.#nextId++}`;
  }
}
