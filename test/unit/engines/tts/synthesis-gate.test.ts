import { expect, test } from 'vitest';
import { SynthesisGate, type SynthesisTurn } from '../../../../main/engines/tts/synthesis-gate.ts';
import { deferred } from '../../../../main/lib/deferred.ts';

const one = Float32Array.of(1);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code?: string }) => error.code,
  );

async function drain(chunks: AsyncIterable<Float32Array>): Promise<number> {
  let count = 0;
  for await (const _ of chunks) count++;
  return count;
}

async function* twoChunks(): AsyncGenerator<Float32Array> {
  yield one;
  yield one;
}

test('an aborted caller that never asks for the next chunk holds nobody up, neither the next call nor close', async () => {
  const gate = new SynthesisGate();
  const abort = new AbortController();
  const abandoned = gate.run({ text: 'a' }, { signal: abort.signal }, twoChunks);
  await abandoned.next();
  abort.abort();
  expect(await drain(gate.run({ text: 'b' }, {}, twoChunks))).toBe(2);
  const left = gate.run({ text: 'c' }, {}, twoChunks);
  await left.next();
  await gate.close(() => {});
  expect(await codeOf(left.next())).toBe('queue-closed');
});

test('the next synthesis waits for native work that an abort could not stop', async () => {
  const gate = new SynthesisGate();
  const abort = new AbortController();
  const native = deferred<void>();
  const stubborn = async function* (turn: SynthesisTurn): AsyncGenerator<Float32Array> {
    turn.holdUntil(native.promise);
    yield one;
  };
  const first = gate.run({ text: 'a' }, { signal: abort.signal }, stubborn);
  await first.next();
  abort.abort();
  expect(await codeOf(first.next())).toBe('cancelled');
  let secondBegan = false;
  const second = drain(
    gate.run({ text: 'b' }, {}, async function* () {
      secondBegan = true;
      yield one;
    }),
  );
  await new Promise(setImmediate);
  expect(secondBegan).toBe(false);
  native.resolve();
  expect(await second).toBe(1);
});

test('an error without a type becomes engine-failed of the stage speak, and the next call works', async () => {
  const gate = new SynthesisGate();
  // eslint-disable-next-line require-yield
  const broken = async function* (): AsyncGenerator<Float32Array> {
    throw new RangeError('deep inside');
  };
  await expect(drain(gate.run({ text: 'a' }, {}, broken))).rejects.toMatchObject({
    code: 'engine-failed',
    stage: 'speak',
  });
  expect(await drain(gate.run({ text: 'b' }, {}, twoChunks))).toBe(2);
});

test('release runs once however often it is closed', async () => {
  const gate = new SynthesisGate();
  let released = 0;
  const release = (): void => void released++;
  await Promise.all([gate.close(release), gate.close(release)]);
  expect(released).toBe(1);
});
