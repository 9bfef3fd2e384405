import type { Replacement } from '../../contract/evaluation-report.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../../ports/listener.ts';
import type { ReplyPiece, ReplyRequest, RespondOptions, Responder } from '../../ports/responder.ts';
import { AnswerWriter } from '../../cascade/answer-writer.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';
import type { SceneEngines } from '../scene.ts';
import type { PlacedTurn } from './play-scenario.ts';

/** A reading that ends this near to the end of the speech, or later, has heard all of it. */
const END_TOLERANCE_SAMPLES = 0.2 * ROOM_RATE_HZ;

/**
 * In one turn of a scenario, stages that give what they are told instead of their own work, to see whose failure a turn was: true words to the
 * language model, a true answer to the voice. In all the other turns they work as ever.
 */
export class ReplacedStages {
  readonly #turnIndex: number;
  readonly #replacements: readonly Replacement[];
  #current: { index: number; place: PlacedTurn } | null = null;

  constructor(turnIndex: number, replacements: readonly Replacement[]) {
    this.#turnIndex = turnIndex;
    this.#replacements = replacements;
  }

  /** The user begins a turn whose speech will lie there. */
  turnBegins(index: number, place: PlacedTurn): void {
    this.#current = { index, place };
  }

  engines(engines: SceneEngines): SceneEngines {
    return { ...engines, listener: this.listener(engines.listener) };
  }

  listener(listener: Listener): Listener {
    return new TrueWordsListener(listener, (span) => this.#wordsOf(span));
  }

  responder(responder: Responder): Responder {
    return new TrueAnswerResponder(responder, () => this.#textOf('think'));
  }

  /**
   * What was said in an utterance, once the turn's speech is over; undefined: let the recogniser say. In a pause within the turn it says what it
   * has understood, since nobody knows where in the words the pause is.
   */
  #wordsOf({ fromSample, toSample }: { fromSample: number; toSample: number }): string | undefined {
    const text = this.#textOf('listen');
    if (text === undefined) return undefined;
    const { endSample } = this.#current!.place;
    return fromSample < endSample && toSample >= endSample - END_TOLERANCE_SAMPLES ? text : undefined;
  }

  #textOf(stage: Replacement['stage']): string | undefined {
    if (this.#current?.index !== this.#turnIndex) return undefined;
    return this.#replacements.find((each) => each.stage === stage)?.text;
  }
}

class TrueWordsListener implements Listener {
  readonly #listener: Listener;
  readonly #wordsOf: (span: { fromSample: number; toSample: number }) => string | undefined;
  #utterance = { id: 0, fromSample: 0 };

  constructor(listener: Listener, wordsOf: (span: { fromSample: number; toSample: number }) => string | undefined) {
    this.#listener = listener;
    this.#wordsOf = wordsOf;
  }

  push(frames: CaptureFrame[]): void {
    this.#listener.push(frames);
  }

  beginUtterance(utteranceId: number, fromSample: number, options?: { measureVoice?: boolean }): void {
    this.#utterance = { id: utteranceId, fromSample };
    this.#listener.beginUtterance(utteranceId, fromSample, options);
  }

  async readUtterance(utteranceId: number, toSample: number, options?: CallOptions): Promise<UtteranceReading> {
    const reading = await this.#listener.readUtterance(utteranceId, toSample, options);
    return { ...reading, text: this.#words(utteranceId, toSample) ?? reading.text };
  }

  endUtterance(utteranceId: number): void {
    this.#listener.endUtterance(utteranceId);
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    return this.#listener.onEvent((event) => {
      const words = event.type === 'partial' ? this.#words(event.utteranceId, event.endSample) : undefined;
      listener(event.type === 'partial' && words !== undefined ? { ...event, text: words, stableChars: 0 } : event);
    });
  }

  #words(utteranceId: number, toSample: number): string | undefined {
    const { id, fromSample } = this.#utterance;
    return utteranceId === id ? this.#wordsOf({ fromSample, toSample }) : undefined;
  }
}

class TrueAnswerResponder implements Responder {
  readonly #responder: Responder;
  readonly #answer: () => string | undefined;

  constructor(responder: Responder, answer: () => string | undefined) {
    this.#responder = responder;
    this.#answer = answer;
  }

  async *respond(request: ReplyRequest, options?: RespondOptions): AsyncIterable<ReplyPiece> {
    const text = this.#answer();
    if (text === undefined) return yield* this.#responder.respond(request, options);
    yield { type: 'first-token' };
    const writer = new AnswerWriter({ maxSentences: Infinity });
    yield* writer.push(text);
    yield* writer.endStretch();
  }

  anticipate(request: ReplyRequest): void {
    this.#responder.anticipate(request);
  }
}
