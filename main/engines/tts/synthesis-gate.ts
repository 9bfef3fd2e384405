import { ParleyError } from '../../contract/errors.ts';
import { onAbort, throwIfAborted } from '../../lib/abort.ts';
import { deferred } from '../../lib/deferred.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { SpeechRequest } from '../../ports/tts.ts';

/** One clause, seldom more than a sentence; beyond this it is a mistake of the caller. */
const MAX_TEXT_CHARS = 5000;
const MIN_SPEED = 0.5;
const MAX_SPEED = 2;

export interface SynthesisTurn {
  text: string;
  speed: number;
  phonemes: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** Native work that abort cannot stop: the caller is told at once, but the next synthesis begins only when it is over. */
  holdUntil(work: Promise<unknown>): void;
}

/**
 * What every voice shares: checks the request, lets one synthesis run at a time in the order of the calls, turns whatever is
 * thrown into a ParleyError of stage `speak`, and ends all of it on close.
 */
export class SynthesisGate {
  readonly #closing = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  /** Runs `produce` when its turn comes. Throws `bad-input`, `cancelled`, `queue-closed`, or `engine-failed` for anything untyped. */
  async *run(
    request: SpeechRequest,
    options: CallOptions,
    produce: (turn: SynthesisTurn) => AsyncIterable<Float32Array>,
  ): AsyncGenerator<Float32Array, void, undefined> {
    const { text, speed, phonemes } = checkedRequest(request);
    const closing = this.#closing.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, closing]) : closing;
    throwIfAborted(signal, 'speak');
    const before = this.#last;
    const over = deferred<void>();
    const held: Promise<unknown>[] = [];
    const finish = (): void => void Promise.allSettled(held).then(() => over.resolve());
    this.#last = Promise.all([before, over.promise]);
    try {
      await untilAborted(before, signal, 'speak');
      for await (const chunk of produce({ text, speed, phonemes, signal, holdUntil: (work) => held.push(work) })) {
        throwIfAborted(signal, 'speak');
        // A caller may abort and never ask for the next chunk: its turn is over all the same.
        const stopWatching = onAbort(signal, finish);
        yield chunk;
        stopWatching();
        throwIfAborted(signal, 'speak');
      }
    } catch (cause) {
      throw ParleyError.from(cause, 'speak', 'engine-failed');
    } finally {
      finish();
    }
  }

  /** Ends what runs and waits with `queue-closed`, then calls `release` once. Further calls wait for the same end. */
  close(release: () => Promise<void> | void): Promise<void> {
    this.#closed ??= (async () => {
      this.#closing.abort(new ParleyError({ code: 'queue-closed', stage: 'speak', message: 'the voice is closed' }));
      await this.#last;
      await release();
    })();
    return this.#closed;
  }
}

function checkedRequest(request: SpeechRequest): Required<SpeechRequest> {
  const { text, speed = 1, phonemes = {} } = request;
  const bad = (message: string): ParleyError => new ParleyError({ code: 'bad-input', stage: 'speak', message });
  if (typeof text !== 'string') throw bad('the text to speak is no string');
  if (text.length > MAX_TEXT_CHARS) throw bad(`the text to speak is longer than ${MAX_TEXT_CHARS} characters`);
  if (!(speed >= MIN_SPEED && speed <= MAX_SPEED)) throw bad(`speed must be ${MIN_SPEED} to ${MAX_SPEED}`);
  return { text, speed, phonemes };
}
