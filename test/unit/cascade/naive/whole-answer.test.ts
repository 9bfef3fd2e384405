import { expect, test } from 'vitest';
import { WholeAnswerResponder, WholeSpeechTts } from '../../../../main/cascade/naive/whole-answer.ts';
import type { ReplyPiece } from '../../../../main/ports/responder.ts';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('a whole answer is one clause, and covers all of its text', async () => {
  const pieces: ReplyPiece[] = [
    { type: 'first-token' },
    { type: 'text', text: 'One, ' },
    { type: 'clause', clause: { text: 'One,', startChar: 0, endChar: 4 } },
    { type: 'text', text: 'two.' },
    { type: 'clause', clause: { text: 'two.', startChar: 5, endChar: 9 } },
  ];
  const responder = new WholeAnswerResponder({
    async *respond() {
      yield* pieces;
    },
  });
  expect(await collect(responder.respond({ history: [], userText: 'count' }))).toEqual([
    { type: 'source', source: 'model' },
    { type: 'first-token' },
    { type: 'text', text: 'One, two.' },
    { type: 'clause', clause: { text: 'One, two.', startChar: 0, endChar: 9 } },
  ]);
});

test('speech comes in one piece, and none comes of nothing', async () => {
  const tts = (chunks: number[][]) =>
    new WholeSpeechTts({
      sampleRateHz: 24_000,
      async *synthesize() {
        for (const chunk of chunks) yield Float32Array.from(chunk);
      },
      close: () => Promise.resolve(),
    });
  expect(await collect(tts([[1, 2], [3]]).synthesize({ text: 'a' }))).toEqual([Float32Array.from([1, 2, 3])]);
  expect(await collect(tts([]).synthesize({ text: '…' }))).toEqual([]);
});
