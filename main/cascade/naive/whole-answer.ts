import type { CallOptions } from '../../ports/call-options.ts';
import type { ReplyPiece, ReplyRequest, Responder } from '../../ports/responder.ts';
import type { SpeechRequest, Tts } from '../../ports/tts.ts';

/** Says nothing before the last word is written, and prepares nothing. */
export class WholeAnswerResponder implements Responder {
  readonly #model: Pick<Responder, 'respond'>;

  constructor(model: Pick<Responder, 'respond'>) {
    this.#model = model;
  }

  async *respond(request: ReplyRequest, options: CallOptions = {}): AsyncIterable<ReplyPiece> {
    yield { type: 'source', source: 'model' };
    const spoken: string[] = [];
    let text = '';
    for await (const piece of this.#model.respond(request, options)) {
      if (piece.type === 'text') text += piece.text;
      else if (piece.type === 'clause') spoken.push(piece.clause.text);
      else yield piece;
    }
    if (spoken.length === 0) return;
    yield { type: 'text', text };
    yield { type: 'clause', clause: { text: spoken.join(' '), startChar: 0, endChar: text.length } };
  }

  anticipate(): void {}
}

/** Gives out no sound before the last sample is made. */
export class WholeSpeechTts implements Tts {
  readonly #tts: Tts;

  constructor(tts: Tts) {
    this.#tts = tts;
  }

  get sampleRateHz(): number {
    return this.#tts.sampleRateHz;
  }

  async *synthesize(request: SpeechRequest, options?: CallOptions): AsyncIterable<Float32Array> {
    const chunks: Float32Array[] = [];
    for await (const chunk of this.#tts.synthesize(request, options)) chunks.push(chunk);
    const whole = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    if (whole.length > 0) yield whole;
  }

  /** The voice belongs to others. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
