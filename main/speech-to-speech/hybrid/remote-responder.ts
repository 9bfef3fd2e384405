import type { SerialisedError } from '../../contract/errors.ts';
import { onAbort, throwIfAborted } from '../../lib/abort.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReplyPiece, ReplyRequest, Responder, RespondOptions } from '../../ports/responder.ts';
import { ANSWER_BEGINS_WITHIN_MS, answerTooLate } from '../lost-turn.ts';
import type { RemoteConnection, RemoteEvent } from '../remote-voice.ts';
import { RemoteStream } from './remote-stream.ts';

export interface RemoteResponderOptions {
  clock: Clock;
  connection(): RemoteConnection;
  /** How the words have sounded, at the connection's rate; null when they were typed. */
  soundOf(userText: string): Float32Array | null;
}

/** After these nothing comes of a turn that has no answer yet: its line was lost, or it was refused. */
const HOPELESS: readonly SerialisedError['code'][] = ['call-timeout', 'endpoint-unreachable', 'endpoint-rate-limited'];

/** A provider's model as whoever answers what nobody here can: it is given the sound of a turn when the turn is certainly over. */
export class RemoteResponder implements Responder {
  readonly #options: RemoteResponderOptions;
  /** Asked for and not yet known to be heard or cut off, in their order. */
  #open: { stream: RemoteStream; isWanted: boolean }[] = [];

  constructor(options: RemoteResponderOptions) {
    this.#options = options;
  }

  /** What the user said in the turn that is being answered; "" when there is none. */
  get userText(): string {
    return this.#current?.userText ?? '';
  }

  async *respond(request: ReplyRequest, options: RespondOptions = {}): AsyncIterable<ReplyPiece> {
    const { signal, released = Promise.resolve() } = options;
    // What may still be taken back, the provider never hears of.
    await untilAborted(released, signal, 'think');
    throwIfAborted(signal, 'think');
    const open = { stream: new RemoteStream(request.userText), isWanted: true };
    this.#open.push(open);
    const stopWatching = onAbort(signal, () => {
      open.isWanted = false;
      open.stream.fail({ code: 'cancelled', stage: 'think', message: 'not wanted', retryable: true });
    });
    const stopWaiting = this.#options.clock.schedule(ANSWER_BEGINS_WITHIN_MS, () => {
      if (!open.stream.hasBegun) open.stream.fail(answerTooLate());
    });
    this.#ask(request.userText);
    try {
      yield* open.stream.pieces();
    } finally {
      stopWatching();
      stopWaiting();
      throwIfAborted(signal, 'think');
    }
  }

  /** The sound is sent when the turn is over. */
  anticipate(): void {}

  onRemote(event: RemoteEvent): void {
    switch (event.type) {
      case 'answer-started':
        return this.#started(event.answerId);
      case 'answer-text':
        return this.#streamOf(event.answerId)?.addText(event.answerId, event.text);
      case 'answer-audio':
        return this.#streamOf(event.answerId)?.addAudio(event.answerId, event.pcm, event.sampleRateHz);
      case 'answer-done': {
        const stream = this.#streamOf(event.answerId);
        if (event.status === 'failed' && event.error) stream?.fail(event.error);
        else stream?.done(event.answerId);
        return;
      }
      case 'tool-call':
        return this.#current?.awaitTool();
      case 'problem':
        if (HOPELESS.includes(event.error.code) && this.#current?.hasBegun === false) this.#current.fail(event.error);
        return;
      case 'closed':
        return this.fail(event.error);
      default:
      // The words of the user are those of the ears here, and turns are taken here.
    }
  }

  /** The oldest answer has ended; `heardChars` of it were heard. Null: to its end. */
  ended(heardChars: number | null): void {
    const open = this.#open.shift();
    if (!open || heardChars === null) return;
    open.isWanted = false;
    const heardText = open.stream.text.slice(0, heardChars);
    for (const part of open.stream.heard(heardChars)) this.#options.connection().cancelAnswer({ ...part, heardText });
  }

  /** An answer was taken back; if it was one from here, nothing of it was heard. */
  withdrawn(): void {
    if (this.#open[0] && !this.#open[0].isWanted) this.ended(0);
  }

  fail(error: SerialisedError): void {
    for (const { stream } of this.#open) stream.fail(error);
  }

  get #current(): RemoteStream | undefined {
    const last = this.#open.at(-1);
    return last?.isWanted && !last.stream.isOver ? last.stream : undefined;
  }

  #streamOf(answerId: string): RemoteStream | undefined {
    const known = this.#open.find(({ stream }) => stream.has(answerId))?.stream;
    if (known) return known;
    this.#started(answerId);
    return this.#current?.has(answerId) ? this.#current : undefined;
  }

  #started(answerId: string): void {
    if (this.#current) return this.#current.begin(answerId);
    // It was cut off before it began.
    this.#options.connection().cancelAnswer({ answerId, heardMs: 0, heardText: '', isOver: false });
  }

  #ask(userText: string): void {
    const connection = this.#options.connection();
    const sound = this.#options.soundOf(userText);
    if (!sound) return connection.sendText(userText);
    connection.beginTurn();
    connection.sendAudio(sound);
    connection.endTurn();
  }
}
