import { expect, test } from 'vitest';
import type { Listener, ListenerEvent } from '../../../main/ports/listener.ts';
import { SideTranscript } from '../../../main/speech-to-speech/side-transcript.ts';

const WINDOW_SAMPLES = 512;

class FakeListener implements Listener {
  begun: number[] = [];
  ended: number[] = [];
  reading: () => Promise<{ text: string; completeProbability: null }> = () =>
    Promise.resolve({ text: 'what is up', completeProbability: null });
  #tell: ((event: ListenerEvent) => void) | null = null;
  #endSample = 16_000;

  push(): void {}

  beginUtterance(_id: number, fromSample: number): void {
    this.begun.push(fromSample);
  }

  readUtterance(): Promise<{ text: string; completeProbability: null }> {
    return this.reading();
  }

  endUtterance(utteranceId: number): void {
    this.ended.push(utteranceId);
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.#tell = listener;
    return () => (this.#tell = null);
  }

  hears(probability: number, windows: number): void {
    for (let i = 0; i < windows; i++) {
      this.#endSample += WINDOW_SAMPLES;
      this.#tell?.({ type: 'vad', endSample: this.#endSample, probability, levelDbfs: -30 });
    }
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const listener = new FakeListener();
  const texts: string[] = [];
  return { listener, texts, side: new SideTranscript({ listener, onText: (text) => texts.push(text) }) };
}

test('each stretch of speech becomes one text, from before it was noticed to its pause', async () => {
  const { listener, texts } = setUp();
  listener.hears(0.9, 20);
  listener.hears(0.1, 10);
  listener.hears(0.9, 20);
  expect(listener.begun).toEqual([16_000 + 2 * WINDOW_SAMPLES - 4800]);
  listener.hears(0.1, 40);
  await settled();
  expect(texts).toEqual(['what is up']);
  expect(listener.ended).toEqual([1]);
});

test('one window of noise is no speech', () => {
  const { listener } = setUp();
  listener.hears(0.9, 1);
  listener.hears(0.1, 40);
  expect(listener.begun).toEqual([]);
});

test('a recogniser that fails, or a session that is over, tells nothing and leaves nothing open', async () => {
  const failing = setUp();
  failing.listener.reading = () => Promise.reject(new Error('lost'));
  failing.listener.hears(0.9, 20);
  failing.listener.hears(0.1, 40);
  await settled();
  expect(failing.texts).toEqual([]);
  expect(failing.listener.ended).toEqual([1]);
  const closed = setUp();
  closed.listener.hears(0.9, 20);
  closed.side.close();
  await settled();
  expect(closed.texts).toEqual([]);
  expect(closed.listener.ended).toEqual([1]);
});
