import { ParleyError, type SerialisedError } from '../../contract/errors.ts';
import { deferred } from '../../lib/deferred.ts';
import type { ReplyPiece } from '../../ports/responder.ts';

/** How fast models speak, in characters a second: until all of an answer is there, nothing else joins its words and its sound. */
const CHARS_PER_SECOND = 15;
/** Behind the last sound: the words that the pace has not come to are heard when this is. */
const TAIL_SECONDS = 0.01;

interface Part {
  answerId: string;
  samples: number;
  isOver: boolean;
}

/** What of one of the provider's answers was heard. */
export interface HeardPart {
  answerId: string;
  heardMs: number;
  isOver: boolean;
}

/**
 * One turn's answer as it comes from a provider, as pieces of a reply: its words, and its sound with the words that it probably holds.
 * Around a tool the provider gives two answers; here they are one.
 */
export class RemoteStream {
  readonly userText: string;
  #pieces: ReplyPiece[] = [];
  #wake = deferred<void>();
  #parts: Part[] = [];
  /** Where sound ends, in characters of the text and in samples. */
  #marks: { chars: number; samples: number }[] = [];
  #text = '';
  #samples = 0;
  #sampleRateHz = 24_000;
  #awaitsTool = false;
  #isWhole = false;
  #error: SerialisedError | null = null;

  constructor(userText: string) {
    this.userText = userText;
  }

  get text(): string {
    return this.#text;
  }

  /** Nothing more is wanted of it, or nothing more comes. */
  get isOver(): boolean {
    return this.#isWhole || this.#error !== null;
  }

  get hasBegun(): boolean {
    return this.#parts.length > 0;
  }

  has(answerId: string): boolean {
    return this.#parts.some((part) => part.answerId === answerId);
  }

  begin(answerId: string): void {
    if (this.has(answerId)) return;
    if (!this.hasBegun) this.#give({ type: 'first-token' });
    this.#parts.push({ answerId, samples: 0, isOver: false });
    this.#awaitsTool = false;
  }

  addText(answerId: string, text: string): void {
    const isNextPart = this.#parts.at(-1)?.answerId === answerId && this.#parts.length > 1;
    const joint = isNextPart && this.#parts.at(-1)!.samples === 0 && /\S$/.test(this.#text) && /^\S/.test(text);
    const added = (joint ? ' ' : '') + text;
    this.#text += added;
    this.#give({ type: 'text', text: added });
  }

  addAudio(answerId: string, pcm: Float32Array, sampleRateHz: number): void {
    const part = this.#parts.find((each) => each.answerId === answerId);
    if (!part || pcm.length === 0) return;
    part.samples += pcm.length;
    this.#sampleRateHz = sampleRateHz;
    const from = this.#marks.at(-1)?.chars ?? 0;
    this.#speak(pcm, from + Math.round((pcm.length * CHARS_PER_SECOND) / sampleRateHz));
  }

  /** The provider runs a tool of ours: what it says then belongs to this. */
  awaitTool(): void {
    this.#awaitsTool = true;
  }

  done(answerId: string): void {
    const part = this.#parts.find((each) => each.answerId === answerId);
    if (part) part.isOver = true;
    if (this.#awaitsTool || this.isOver) return;
    if (this.#samples > 0) {
      this.#speak(new Float32Array(Math.round(TAIL_SECONDS * this.#sampleRateHz)), this.#text.length);
    }
    this.#isWhole = true;
    this.#wake.resolve();
  }

  fail(error: SerialisedError): void {
    if (this.isOver) return;
    this.#error = error;
    this.#wake.resolve();
  }

  /** Pieces as they come. Throws what it has failed with. */
  async *pieces(): AsyncGenerator<ReplyPiece, void, undefined> {
    for (;;) {
      yield* this.#pieces.splice(0);
      if (this.#error) throw new ParleyError(this.#error);
      if (this.#isWhole && this.#pieces.length === 0) return;
      if (this.#pieces.length > 0) continue;
      await this.#wake.promise;
      this.#wake = deferred();
    }
  }

  /** Of each of the provider's answers, how much was heard when so many characters of the text were. */
  heard(heardChars: number): HeardPart[] {
    let leftSamples = this.#samplesAt(heardChars);
    return this.#parts.map(({ answerId, samples, isOver }) => {
      const heardMs = (Math.min(samples, Math.max(0, leftSamples)) * 1000) / this.#sampleRateHz;
      leftSamples -= samples;
      return { answerId, heardMs, isOver };
    });
  }

  #samplesAt(chars: number): number {
    let before = { chars: 0, samples: 0 };
    for (const mark of this.#marks) {
      if (mark.chars >= chars) {
        const share = mark.chars === before.chars ? 0 : (chars - before.chars) / (mark.chars - before.chars);
        return before.samples + share * (mark.samples - before.samples);
      }
      before = mark;
    }
    return before.samples;
  }

  #speak(pcm: Float32Array, toChar: number): void {
    const startChar = this.#marks.at(-1)?.chars ?? 0;
    const endChar = Math.max(startChar, Math.min(this.#text.length, toChar));
    this.#samples += pcm.length;
    this.#marks.push({ chars: endChar, samples: this.#samples });
    const clause = { text: this.#text.slice(startChar, endChar), startChar, endChar };
    this.#give({ type: 'clause', clause, audio: { pcm, sampleRateHz: this.#sampleRateHz } });
  }

  #give(piece: ReplyPiece): void {
    this.#pieces.push(piece);
    this.#wake.resolve();
  }
}
