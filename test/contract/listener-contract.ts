import { describe, expect, test } from 'vitest';
import { ParleyError } from '../../main/contract/errors.ts';
import type { Listener, ListenerEvent } from '../../main/ports/listener.ts';

export interface ListenerSubject {
  listener: Listener;
  /** A few spoken words, 16 kHz, beginning and ending with speech or nearly so. */
  speech: Float32Array;
  heard: RegExp;
  dispose(): Promise<void>;
}

const FRAME_SAMPLES = 160;
const WINDOW_SAMPLES = 512;

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code?: string }) => error.code,
  );

/** Talks into a listener: knows where the stream is, and waits until what was said has been judged. */
export class Speaker {
  readonly events: ListenerEvent[] = [];
  readonly #listener: Listener;
  #at = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
    listener.onEvent((event) => this.events.push(event));
  }

  get endSample(): number {
    return this.#at;
  }

  /** Resolves when the last whole window was judged. */
  async say(audio: Float32Array): Promise<void> {
    const judged = this.#judgedUpTo(Math.floor((this.#at + audio.length) / WINDOW_SAMPLES) * WINDOW_SAMPLES);
    for (let i = 0; i + FRAME_SAMPLES <= audio.length; i += FRAME_SAMPLES, this.#at += FRAME_SAMPLES) {
      this.#listener.push([{ startSample: this.#at, samples: audio.slice(i, i + FRAME_SAMPLES) }]);
    }
    await judged;
  }

  pause(seconds: number): Promise<void> {
    return this.say(new Float32Array(Math.round(seconds * 100) * FRAME_SAMPLES));
  }

  #judgedUpTo(sample: number): Promise<void> {
    // The last frame may not be whole, so the last window may be one short.
    const wanted = sample - WINDOW_SAMPLES;
    return new Promise((resolve) => {
      const stop = this.#listener.onEvent((event) => {
        if (event.type !== 'vad' || event.endSample < wanted) return;
        stop();
        resolve();
      });
    });
  }
}

/** What every listener does. `open` gives one for each test, which the test disposes of. */
export function listenerContract(name: string, open: () => Promise<ListenerSubject>): void {
  describe(`listener contract: ${name}`, () => {
    const withListener = (behaviour: string, body: (subject: ListenerSubject, speaker: Speaker) => Promise<void>) =>
      test(behaviour, async () => {
        const subject = await open();
        try {
          await body(subject, new Speaker(subject.listener));
        } finally {
          await subject.dispose();
        }
      });

    withListener('reads sound that is none of the stream, and goes on hearing', async ({ listener, speech, heard }) => {
      if (!listener.transcribe) return;
      expect(await listener.transcribe(speech.slice())).toMatch(heard);
    });

    withListener('judges every window of the stream, in order', async ({ speech }, speaker) => {
      await speaker.say(speech);
      await speaker.pause(0.3);
      const ends = speaker.events.filter((event) => event.type === 'vad').map((event) => event.endSample);
      expect(ends).toEqual(ends.map((_, i) => (i + 1) * WINDOW_SAMPLES));
      expect(ends.length).toBeGreaterThan(10);
    });

    withListener('reads what was said from before it was noticed', async ({ listener, speech, heard }, speaker) => {
      await speaker.pause(0.5);
      await speaker.say(speech);
      listener.beginUtterance(1, speaker.endSample - speech.length - 1600);
      await speaker.pause(0.3);
      const reading = await listener.readUtterance(1, speaker.endSample);
      expect(reading.text).toMatch(heard);
      expect(reading.completeProbability).toBeGreaterThanOrEqual(0);
      expect(reading.completeProbability).toBeLessThanOrEqual(1);
    });

    withListener('reads the same again at the same place', async ({ listener, speech, heard }, speaker) => {
      listener.beginUtterance(1, 0);
      await speaker.say(speech);
      await speaker.pause(0.3);
      const readings = [1, 2].map(() => listener.readUtterance(1, speaker.endSample));
      const [first, second] = await Promise.all(readings);
      expect(first!.text).toMatch(heard);
      expect(second).toEqual(first);
    });

    withListener('hears nothing where nobody speaks', async ({ listener }, speaker) => {
      listener.beginUtterance(1, 0);
      await speaker.pause(1.5);
      expect((await listener.readUtterance(1, speaker.endSample)).text).toBe('');
      expect(speaker.events.filter((event) => event.type === 'partial')).toEqual([]);
    });

    withListener(
      'tells what is said before it is asked, and never takes back what is stable',
      async (subject, speaker) => {
        subject.listener.beginUtterance(7, 0);
        await speaker.say(subject.speech);
        await speaker.pause(0.5);
        await subject.listener.readUtterance(7, speaker.endSample);
        const partials = speaker.events.filter((event) => event.type === 'partial');
        expect(partials.length).toBeGreaterThan(0);
        expect(partials.at(-1)!.text).toMatch(subject.heard);
        let stable = '';
        for (const partial of partials) {
          expect(partial.utteranceId).toBe(7);
          expect(partial.text.startsWith(stable)).toBe(true);
          stable = partial.text.slice(0, partial.stableChars);
        }
      },
    );

    withListener('does not read an utterance that is not open', async ({ listener }, speaker) => {
      expect(await codeOf(listener.readUtterance(1, 0))).toBe('bad-input');
      listener.beginUtterance(1, 0);
      await speaker.pause(0.2);
      listener.beginUtterance(2, speaker.endSample);
      expect(await codeOf(listener.readUtterance(1, speaker.endSample))).toBe('bad-input');
      listener.endUtterance(2);
      expect(await codeOf(listener.readUtterance(2, speaker.endSample))).toBe('bad-input');
    });

    withListener(
      'stops reading on abort, with the reason of the signal, and reads on demand again',
      async (subject, speaker) => {
        const { listener, speech, heard } = subject;
        listener.beginUtterance(1, 0);
        await speaker.say(speech);
        await speaker.pause(0.3);
        const deadline = new AbortController();
        const code = codeOf(listener.readUtterance(1, speaker.endSample, { signal: deadline.signal }));
        deadline.abort(new ParleyError({ code: 'call-timeout', stage: 'listen' }));
        expect(await code).toBe('call-timeout');
        expect((await listener.readUtterance(1, speaker.endSample)).text).toMatch(heard);
      },
    );

    withListener('gives up a reading when the utterance ends', async ({ listener, speech }, speaker) => {
      listener.beginUtterance(1, 0);
      await speaker.say(speech);
      const code = codeOf(listener.readUtterance(1, speaker.endSample));
      listener.endUtterance(1);
      expect(await code).toBe('cancelled');
    });

    withListener(
      'survives frames that are late, missing or no numbers',
      async ({ listener, speech, heard }, speaker) => {
        listener.push([{ startSample: 320, samples: new Float32Array(160).fill(Number.NaN) }]);
        listener.push([{ startSample: 0, samples: new Float32Array(160) }]);
        listener.push([{ startSample: 640, samples: new Float32Array(160) }]);
        await speaker.pause(0.5);
        listener.beginUtterance(1, speaker.endSample);
        await speaker.say(speech);
        await speaker.pause(0.3);
        expect((await listener.readUtterance(1, speaker.endSample)).text).toMatch(heard);
      },
    );
  });
}
