import { describe, expect, test } from 'vitest';
import { PrefixCache, type TokenSequence } from '../../../../main/engines/llm/prefix-cache.ts';

class FakeSequence implements TokenSequence<number> {
  contextTokens: number[] = [];
  /** How many tokens each step computed. */
  steps: number[] = [];
  nowMs = 0;
  msPerToken = 3;
  onStep: () => void = () => {};

  async evaluateWithoutGeneratingNewTokens(tokens: number[]): Promise<void> {
    this.contextTokens = [...this.contextTokens, ...tokens];
    this.steps.push(tokens.length);
    this.nowMs += tokens.length * this.msPerToken;
    this.onStep();
  }

  async eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void> {
    for (const { start, end } of ranges) this.contextTokens.splice(start, end - start);
  }

  /** The number of tokens computed since the last call. */
  takeComputed(): number {
    return this.steps.splice(0).reduce((sum, step) => sum + step, 0);
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_unused, index) => from + index);

function setUp() {
  const sequence = new FakeSequence();
  return { sequence, cache: new PrefixCache(sequence, { nowMs: () => sequence.nowMs, stepMs: 100 }) };
}

describe('the prefix cache', () => {
  test('computes a prompt in steps', async () => {
    const { sequence, cache } = setUp();
    await cache.compute(range(0, 100));
    expect(sequence.contextTokens).toEqual(range(0, 100));
    expect(sequence.steps).toEqual([32, 32, 32, 4]);
  });

  test('computes only what follows the common beginning', async () => {
    const { sequence, cache } = setUp();
    await cache.compute(range(0, 100));
    sequence.takeComputed();
    const next = [...range(0, 90), 777, 778, 779];
    await cache.compute(next);
    expect(sequence.contextTokens).toEqual(next);
    expect(sequence.takeComputed()).toBe(3);
  });

  test('leaves everything as it is when a shorter beginning is asked for', async () => {
    const { sequence, cache } = setUp();
    await cache.compute(range(0, 100));
    sequence.takeComputed();
    await cache.compute(range(0, 50));
    expect(sequence.contextTokens).toEqual(range(0, 100));
    expect(sequence.takeComputed()).toBe(0);
  });

  test('never computes a token alone', async () => {
    const { sequence, cache } = setUp();
    await cache.compute(range(0, 65));
    await cache.compute(range(0, 66));
    await cache.computeAllButLast(range(0, 99));
    expect(Math.min(...sequence.steps)).toBeGreaterThan(1);
    expect(sequence.contextTokens).toEqual(range(0, sequence.contextTokens.length));
  });

  test('returns the last tokens for the step that chooses the next one, also when all are computed', async () => {
    const { sequence, cache } = setUp();
    await cache.compute(range(0, 40));
    expect(await cache.computeAllButLast(range(0, 45))).toEqual(range(40, 45));
    await cache.compute(range(0, 45));
    expect(await cache.computeAllButLast(range(0, 45))).toEqual([43, 44]);
    expect(sequence.contextTokens).toEqual(range(0, 43));
  });

  test('forgets what does not belong to the prompt before choosing', async () => {
    const { sequence, cache } = setUp();
    await cache.compute(range(0, 45));
    expect(await cache.computeAllButLast([...range(0, 40), 900, 901, 902])).toEqual([900, 901, 902]);
    expect(sequence.contextTokens).toEqual(range(0, 40));
  });

  test('an abort stops after the step in hand and keeps what was computed', async () => {
    const { sequence, cache } = setUp();
    const abort = new AbortController();
    sequence.onStep = () => sequence.steps.length === 2 && abort.abort();
    await expect(cache.compute(range(0, 200), { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(sequence.contextTokens).toEqual(range(0, 64));
    sequence.takeComputed();
    await cache.compute(range(0, 200));
    expect(sequence.takeComputed()).toBe(136);
  });

  test('a slow machine gets shorter steps and a fast one longer ones', async () => {
    const { sequence, cache } = setUp();
    sequence.msPerToken = 20;
    await cache.compute(range(0, 100));
    expect(sequence.steps.at(-2)).toBe(16);
    sequence.takeComputed();
    sequence.msPerToken = 0.01;
    await cache.compute(range(5000, 7000));
    expect(Math.max(...sequence.steps)).toBe(512);
  });

  test('takes a prompt of one token', async () => {
    const { cache } = setUp();
    expect(await cache.computeAllButLast([1])).toEqual([1]);
    await cache.compute([1]);
  });
});
