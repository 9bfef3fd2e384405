import { expect, test } from 'vitest';
import { RemoteStream } from '../../../main/speech-to-speech/hybrid/remote-stream.ts';

const RATE_HZ = 24_000;
const sound = (seconds: number): Float32Array => new Float32Array(seconds * RATE_HZ);

test('what is said before and after a tool is one answer, and each part knows how much of it was heard', async () => {
  const stream = new RemoteStream('what is the weather');
  stream.begin('a1');
  stream.addText('a1', 'Let me look.');
  stream.addAudio('a1', sound(0.8), RATE_HZ);
  stream.awaitTool();
  stream.done('a1');
  expect(stream.isOver).toBe(false);
  stream.begin('a2');
  stream.addText('a2', 'It is raining in Oslo.');
  stream.addAudio('a2', sound(1.5), RATE_HZ);
  stream.done('a2');
  let text = '';
  for await (const piece of stream.pieces()) if (piece.type === 'text') text += piece.text;
  expect(text).toBe('Let me look. It is raining in Oslo.');
  const [first, second] = stream.heard(24);
  expect(first).toEqual({ answerId: 'a1', heardMs: 800, isOver: true });
  expect(second!.heardMs).toBeCloseTo(800, -2);
  expect(stream.heard(0).map(({ heardMs }) => heardMs)).toEqual([0, 0]);
});

test('words that the pace of speech has not come to are heard with the last sound', async () => {
  const stream = new RemoteStream('hi');
  stream.begin('a1');
  stream.addText('a1', 'A great many words in very little time.');
  stream.addAudio('a1', sound(0.5), RATE_HZ);
  stream.done('a1');
  const ends: number[] = [];
  for await (const piece of stream.pieces()) if (piece.type === 'clause') ends.push(piece.clause.endChar);
  expect(ends).toEqual([8, 39]);
});
