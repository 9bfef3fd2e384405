import { describe, expect, test } from 'vitest';
import type { Tts } from '../../main/ports/tts.ts';

export interface TtsSubject {
  tts: Tts;
  /** Closes the voice and what the subject started beside it. */
  dispose(): Promise<void>;
}

export interface TtsContractOptions {
  /**
   * One voice for all behaviours but those that close it: loading takes a second. Default: a fresh one for each.
   * The suite then ends with the closing behaviours on voices of their own.
   */
  shared?: () => Promise<Tts>;
}

const AUDIBLE = 0.002;
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code?: string }) => error.code,
  );

async function collect(chunks: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What every voice behind the port does. */
export function ttsContract(name: string, open: () => Promise<TtsSubject>, options: TtsContractOptions = {}): void {
  describe(`voice contract: ${name}`, () => {
    const withOwnTts = (behaviour: string, body: (tts: Tts) => Promise<void>) =>
      test(behaviour, async () => {
        const subject = await open();
        try {
          await body(subject.tts);
        } finally {
          await subject.dispose();
        }
      });
    const withTts = (behaviour: string, body: (tts: Tts) => Promise<void>) => {
      const { shared } = options;
      if (shared) test(behaviour, async () => body(await shared()));
      else withOwnTts(behaviour, body);
    };
    soundBehaviours(withTts);
    requestBehaviours(withTts);
    abortBehaviours(withTts);
    closeBehaviours(withOwnTts);
  });
}

type Declare = (behaviour: string, body: (tts: Tts) => Promise<void>) => void;

function soundBehaviours(withTts: Declare): void {
  withTts('speaks in finite samples within full scale', async (tts) => {
    expect(tts.sampleRateHz).toBeGreaterThanOrEqual(8000);
    const audio = await collect(tts.synthesize({ text: 'Good morning to you all.' }));
    expect(audio.length).toBeGreaterThan(tts.sampleRateHz / 2);
    expect(audio.every((sample) => Number.isFinite(sample) && Math.abs(sample) <= 1)).toBe(true);
    expect(Math.max(...audio.map(Math.abs))).toBeGreaterThan(0.05);
  });

  withTts('is audible within 20 ms of the start, and begins and ends without a click', async (tts) => {
    for (const text of ['Hello there,', 'Five fish', 'All right.']) {
      const audio = await collect(tts.synthesize({ text }));
      const firstAudible = audio.findIndex((sample) => Math.abs(sample) > AUDIBLE);
      expect(firstAudible).toBeGreaterThanOrEqual(0);
      expect(firstAudible).toBeLessThan(0.02 * tts.sampleRateHz);
      expect(Math.abs(audio[0]!)).toBeLessThan(0.002);
      expect(Math.abs(audio.at(-1)!)).toBeLessThan(0.002);
    }
  });

  withTts('rests shortly after a clause, longer after a sentence, never half a second', async (tts) => {
    const quietEndMs = async (text: string): Promise<number> => {
      const audio = await collect(tts.synthesize({ text }));
      const quiet = audio.length - 1 - audio.findLastIndex((sample) => Math.abs(sample) > AUDIBLE);
      return (quiet * 1000) / tts.sampleRateHz;
    };
    const afterClause = await quietEndMs('If you like that,');
    expect(afterClause).toBeLessThan(200);
    const afterSentence = await quietEndMs('I like that.');
    expect(afterSentence).toBeGreaterThan(100);
    expect(afterSentence).toBeLessThan(350);
  });

  withTts('takes longer for more words, and at a slower speed', async (tts) => {
    const short = await collect(tts.synthesize({ text: 'Good morning.' }));
    const long = await collect(tts.synthesize({ text: 'Good morning to everybody who came here today.' }));
    expect(long.length).toBeGreaterThan(short.length * 1.5);
    const slow = await collect(tts.synthesize({ text: 'Good morning.', speed: 0.6 }));
    expect(slow.length).toBeGreaterThan(short.length * 1.2);
  });

  withTts('gives no chunk when there is nothing to say', async (tts) => {
    for (const text of ['', '   ', '...', ' — ', '?!', '\n']) {
      let chunks = 0;
      for await (const _ of tts.synthesize({ text })) chunks++;
      expect(chunks, JSON.stringify(text)).toBe(0);
    }
  });
}

function requestBehaviours(withTts: Declare): void {
  withTts('refuses a speed or a length that makes no sense, and speaks the next', async (tts) => {
    for (const speed of [0, -1, 9, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await codeOf(collect(tts.synthesize({ text: 'Hello.', speed })))).toBe('bad-input');
    }
    expect(await codeOf(collect(tts.synthesize({ text: 'far too long '.repeat(1000) })))).toBe('bad-input');
    expect((await collect(tts.synthesize({ text: 'Hello.' }))).length).toBeGreaterThan(0);
  });

  withTts('speaks two calls at once one after the other', async (tts) => {
    const order: string[] = [];
    const speak = async (text: string): Promise<void> => {
      let isFirst = true;
      for await (const _ of tts.synthesize({ text })) {
        if (isFirst) order.push(`begins: ${text}`);
        isFirst = false;
      }
      order.push(`ends: ${text}`);
    };
    await Promise.all([speak('Good morning.'), speak('Good night.')]);
    expect(order).toEqual(['begins: Good morning.', 'ends: Good morning.', 'begins: Good night.', 'ends: Good night.']);
  });

  withTts('survives odd characters', async (tts) => {
    const text = 'Caf\u00e9 \u{1F600} \u4F60\u597D \u0000 <b> {x} \uD800 constructor __proto__ hello';
    expect((await collect(tts.synthesize({ text }))).length).toBeGreaterThan(0);
  });
}

function abortBehaviours(withTts: Declare): void {
  withTts('throws cancelled when the signal was aborted before', async (tts) => {
    expect(await codeOf(collect(tts.synthesize({ text: 'Hello.' }, { signal: AbortSignal.abort() })))).toBe(
      'cancelled',
    );
  });

  withTts('throws cancelled when aborted in mid-clause, and speaks the next', async (tts) => {
    const abort = new AbortController();
    let chunks = 0;
    const speaking = (async () => {
      for await (const _ of tts.synthesize({ text: 'One two three four five six.' }, { signal: abort.signal })) {
        chunks++;
        abort.abort();
      }
    })();
    expect(await codeOf(speaking)).toBe('cancelled');
    expect(chunks).toBe(1);
    expect((await collect(tts.synthesize({ text: 'Hello.' }))).length).toBeGreaterThan(0);
  });

  withTts('throws cancelled when aborted while waiting for its turn, and leaves the other alone', async (tts) => {
    const abort = new AbortController();
    const running = collect(tts.synthesize({ text: 'Tell me about cats.' }));
    const waiting = codeOf(collect(tts.synthesize({ text: 'Tell me about dogs.' }, { signal: abort.signal })));
    abort.abort();
    expect(await waiting).toBe('cancelled');
    expect((await running).length).toBeGreaterThan(0);
  });

  withTts('is free for the next call when a loop is left early', async (tts) => {
    for await (const chunk of tts.synthesize({ text: 'One two three four five six.' })) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await collect(tts.synthesize({ text: 'Hello.' }))).length).toBeGreaterThan(0);
  });
}

function closeBehaviours(withTts: Declare): void {
  withTts('ends what runs, what waits and what comes later with queue-closed on close', async (tts) => {
    const running = tts.synthesize({ text: 'One two three four five six.' })[Symbol.asyncIterator]();
    await running.next();
    const waiting = codeOf(collect(tts.synthesize({ text: 'And another one.' })));
    const closing = tts.close();
    const rest = codeOf(
      (async () => {
        while (!(await running.next()).done);
      })(),
    );
    expect(await rest).toBe('queue-closed');
    expect(await waiting).toBe('queue-closed');
    await closing;
    expect(await codeOf(collect(tts.synthesize({ text: 'Hello.' })))).toBe('queue-closed');
  });

  withTts('closes twice, also at once', async (tts) => {
    await Promise.all([tts.close(), tts.close()]);
    await tts.close();
  });
}
