import { describe, expect, test } from 'vitest';
import { ParleyError } from '../../../../main/contract/errors.ts';
import { ListeningService } from '../../../../main/pipeline/listening/listening-service.ts';
import type { ListenerEvent } from '../../../../main/ports/listener.ts';
import { FakeAsr, type FakeAsrOptions } from '../../../fakes/fake-asr.ts';
import { FakeClock, settle } from '../../../fakes/fake-clock.ts';
import { FakeTurnDetector } from '../../../fakes/fake-turn-detector.ts';
import { FakeVad } from '../../../fakes/fake-vad.ts';
import { tone } from '../../../fakes/tone.ts';

const FRAME_SAMPLES = 160;

/** A listener over fakes, and someone who speaks 10 ms at a time while the clock goes along. */
class Bench {
  readonly clock = new FakeClock();
  readonly vad = new FakeVad();
  readonly asr: FakeAsr;
  readonly turnDetector = new FakeTurnDetector(0.7);
  readonly events: ListenerEvent[] = [];
  readonly failures: ParleyError[] = [];
  readonly service: ListeningService;
  at = 0;

  constructor(options: FakeAsrOptions & { withTurnDetector?: boolean } = {}) {
    this.asr = new FakeAsr(options);
    this.service = new ListeningService({
      vad: this.vad,
      asr: this.asr,
      turnDetector: options.withTurnDetector === false ? null : this.turnDetector,
      clock: this.clock,
      onFailure: (error) => this.failures.push(error),
    });
    this.service.onEvent((event) => this.events.push(event));
  }

  get partials() {
    return this.events.filter((event) => event.type === 'partial');
  }

  async hear(audio: Float32Array): Promise<void> {
    for (let i = 0; i + FRAME_SAMPLES <= audio.length; i += FRAME_SAMPLES, this.at += FRAME_SAMPLES) {
      this.service.push([{ startSample: this.at, samples: audio.subarray(i, i + FRAME_SAMPLES) }]);
      this.clock.advance(10);
      await settle(2);
    }
  }

  speak(seconds: number): Promise<void> {
    return this.hear(tone(seconds));
  }

  pause(seconds: number): Promise<void> {
    return this.hear(new Float32Array(Math.round(seconds * 16_000)));
  }
}

describe('partials', () => {
  test('come every 300 ms while someone speaks, with a draft of what was heard before', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(1.6);
    expect(bench.asr.calls.length).toBeGreaterThanOrEqual(4);
    expect(bench.asr.calls.length).toBeLessThanOrEqual(6);
    expect(bench.asr.calls[0]!.options.draft).toBeUndefined();
    expect(bench.asr.calls[1]!.options.draft?.text).toMatch(/^one/);
    expect(bench.partials.at(-1)).toMatchObject({ utteranceId: 1, text: expect.stringMatching(/^one two three four/) });
    expect(bench.partials.at(-1)!.stableChars).toBeGreaterThan(0);
  });

  test('are not made when no utterance is open, nor of a moment of speech', async () => {
    const bench = new Bench();
    await bench.speak(1);
    bench.service.beginUtterance(1, bench.at);
    await bench.speak(0.25);
    expect(bench.asr.calls).toEqual([]);
  });

  test('are not made while nothing new is said', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.8);
    await bench.pause(0.2);
    const calls = bench.asr.calls.length;
    await bench.pause(3);
    expect(bench.asr.calls.length).toBe(calls);
  });

  test('come seldom when the recogniser is slow', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    const release = bench.asr.hold();
    await bench.speak(1.4);
    expect(bench.asr.calls.length).toBe(1);
    release();
    // It took a second, so it may take another when two and a half have passed since its start.
    await bench.speak(1);
    expect(bench.asr.calls.length).toBe(1);
    await bench.speak(0.8);
    expect(bench.asr.calls.length).toBe(2);
  });

  test('are tried again only when more is said after the recogniser failed', async () => {
    const bench = new Bench();
    bench.asr.failWith(new ParleyError({ code: 'engine-failed', stage: 'listen' }));
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.8);
    await bench.pause(2);
    expect(bench.asr.calls.length).toBeLessThanOrEqual(4);
    await expect(bench.service.readUtterance(1, bench.at)).rejects.toMatchObject({ code: 'engine-failed' });
    bench.asr.failWith(undefined);
    expect((await bench.service.readUtterance(1, bench.at)).text).toBe('one two three four');
  });
});

describe('readings', () => {
  test('of a pause cost nothing when they come: words and turn were judged ahead', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.8);
    await bench.pause(0.25);
    const [calls, asked] = [bench.asr.calls.length, bench.turnDetector.asked.length];
    expect(asked).toBe(1);
    expect(await bench.service.readUtterance(1, bench.at)).toEqual({
      text: 'one two three four',
      completeProbability: 0.7,
    });
    expect([bench.asr.calls.length, bench.turnDetector.asked.length]).toEqual([calls, asked]);
  });

  test('wait for what is being recognised when it will say the same', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.3);
    const release = bench.asr.hold();
    await bench.speak(0.3);
    await bench.pause(0.2);
    const running = bench.asr.calls.length;
    release();
    await settle();
    await bench.pause(0.05);
    const reading = await bench.service.readUtterance(1, bench.at);
    expect(reading.text).toBe('one two three');
    expect(bench.asr.cancelled).toBe(0);
    expect(bench.asr.calls.length).toBeLessThanOrEqual(running + 1);
  });

  test('push a partial aside that does not know the end of the sentence', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.3);
    const release = bench.asr.hold();
    await bench.speak(0.5);
    const reading = bench.service.readUtterance(1, bench.at);
    await settle();
    expect(bench.asr.cancelled).toBe(1);
    release();
    expect((await reading).text).toBe('one two three four');
  });

  test('are made anew when more was said since', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.4);
    await bench.pause(0.3);
    expect((await bench.service.readUtterance(1, bench.at)).text).toBe('one two');
    await bench.speak(0.4);
    await bench.pause(0.3);
    expect((await bench.service.readUtterance(1, bench.at)).text).toBe('one two three four');
  });

  test('ask the turn detector again when the silence has lasted longer', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.4);
    await bench.pause(0.25);
    await bench.service.readUtterance(1, bench.at);
    expect(bench.turnDetector.asked.length).toBe(1);
    bench.turnDetector.probability = 0.95;
    await bench.pause(0.6);
    expect((await bench.service.readUtterance(1, bench.at)).completeProbability).toBe(0.95);
  });

  test('of two pauses asked for at once are both answered', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.4);
    await bench.pause(0.1);
    const firstPause = bench.at;
    const release = bench.asr.hold();
    await bench.speak(0.4);
    await bench.pause(0.1);
    const readings = [firstPause, bench.at].map((at) => bench.service.readUtterance(1, at));
    await settle();
    release();
    expect((await Promise.all(readings)).map(({ text }) => text)).toEqual(['one two', 'one two three four']);
  });

  test('carry no probability without a turn detector', async () => {
    const bench = new Bench({ withTurnDetector: false });
    bench.service.beginUtterance(1, 0);
    await bench.speak(0.4);
    await bench.pause(0.2);
    expect((await bench.service.readUtterance(1, bench.at)).completeProbability).toBeNull();
  });

  test('leave out silence before and after the words', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.pause(4);
    await bench.speak(0.4);
    await bench.pause(1);
    await bench.service.readUtterance(1, bench.at);
    for (const { pcm } of bench.asr.calls) expect(pcm.length / 16_000).toBeLessThan(1.3);
  });

  test('do not ask the recogniser about a click', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.pause(0.5);
    await bench.speak(0.04);
    await bench.pause(0.5);
    expect((await bench.service.readUtterance(1, bench.at)).text).toBe('');
    expect(bench.asr.calls).toEqual([]);
  });

  test('give nothing when what they were to read has left the ring', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.pause(1);
    expect((await bench.service.readUtterance(1, -500)).text).toBe('');
  });
});

describe('long utterances', () => {
  const longestSeconds = (bench: Bench) => Math.max(...bench.asr.calls.map(({ pcm }) => pcm.length / 16_000));

  test('are closed at pauses, so that late readings stay cheap and keep all the words', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    for (let sentence = 0; sentence < 5; sentence++) {
      await bench.speak(4);
      await bench.pause(0.5);
    }
    const { text } = await bench.service.readUtterance(1, bench.at);
    expect(text.split(' ').length).toBeGreaterThanOrEqual(98);
    expect(text.split(' ').length).toBeLessThanOrEqual(102);
    expect(longestSeconds(bench)).toBeLessThanOrEqual(12);
  }, 30_000);

  test('without any pause are cut all the same', async () => {
    const bench = new Bench();
    bench.service.beginUtterance(1, 0);
    await bench.speak(30);
    const { text } = await bench.service.readUtterance(1, bench.at);
    expect(text.split(' ').length).toBeGreaterThanOrEqual(147);
    expect(longestSeconds(bench)).toBeLessThanOrEqual(12.1);
  }, 30_000);
});

describe('a recogniser with a short breath', () => {
  test('gets no more than it can take', async () => {
    const bench = new Bench({ maxSegmentSeconds: 5 });
    bench.service.beginUtterance(1, 0);
    await bench.speak(12);
    const { text } = await bench.service.readUtterance(1, bench.at);
    expect(text.split(' ').length).toBeGreaterThanOrEqual(57);
    expect(Math.max(...bench.asr.calls.map(({ pcm }) => pcm.length / 16_000))).toBeLessThanOrEqual(5.1);
  });
});

describe('failures', () => {
  test('of the VAD are told once, and nothing is judged any more', async () => {
    const bench = new Bench();
    await bench.pause(0.1);
    bench.vad.failNext(new Error('broken'));
    await bench.pause(0.2);
    expect(bench.failures.map((error) => [error.code, error.stage])).toEqual([['engine-failed', 'listen']]);
  });

  test('a stream that begins again somewhere else is heard from there', async () => {
    const bench = new Bench();
    await bench.pause(0.2);
    bench.at = 100 * 16_000;
    bench.service.beginUtterance(1, bench.at);
    await bench.speak(0.4);
    await bench.pause(0.2);
    expect((await bench.service.readUtterance(1, bench.at)).text).toBe('one two');
    expect(bench.vad.resets).toBe(2);
  });

  test('nothing is told after close', async () => {
    const bench = new Bench();
    bench.service.close();
    bench.service.close();
    await bench.pause(0.2);
    expect(bench.events).toEqual([]);
  });
});
