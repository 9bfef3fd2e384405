import { expect, test } from 'vitest';
import { deferred } from '../../../main/lib/deferred.ts';
import { KeptSound } from '../../../main/speech-to-speech/kept-sound.ts';
import { PlayedWords, piecesOf } from '../../../main/speech-to-speech/played-words.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const second = (seconds: number, level = 0.5): Float32Array => new Float32Array(seconds * 16_000).fill(level);

function setUp() {
  const texts: [number, string][] = [];
  const asked: number[] = [];
  const words = deferred<string>();
  const played = new PlayedWords({
    transcribe(pcm, { signal }) {
      asked.push(pcm.length / 16_000);
      return Promise.race([
        words.promise,
        new Promise<never>((_, reject) => signal!.addEventListener('abort', () => reject(new Error('cancelled')))),
      ]);
    },
    openResampler: () => Promise.reject(new Error('it is at 16 kHz already')),
    onText: (answerNumber, text) => texts.push([answerNumber, text]),
  });
  return { played, texts, asked, words };
}

test('what was heard of an answer is read when it has ended', async () => {
  const { played, texts, asked, words } = setUp();
  played.offer({ answerNumber: 3, pcm: second(2), sampleRateHz: 16_000 });
  words.resolve('it is yellow');
  await settled();
  expect(asked).toEqual([2]);
  expect(texts).toEqual([[3, 'it is yellow']]);
});

test('an answer that ends while another is read, and one that the user speaks into, are not read', async () => {
  const { played, texts, asked, words } = setUp();
  played.offer({ answerNumber: 1, pcm: second(2), sampleRateHz: 16_000 });
  played.offer({ answerNumber: 2, pcm: second(2), sampleRateHz: 16_000 });
  await settled();
  played.giveWay();
  words.resolve('too late');
  await settled();
  expect(asked).toHaveLength(1);
  expect(texts).toEqual([]);
});

test('nothing is told after the end', async () => {
  const { played, texts, words } = setUp();
  played.offer({ answerNumber: 1, pcm: second(2), sampleRateHz: 16_000 });
  await settled();
  played.close();
  played.offer({ answerNumber: 2, pcm: second(2), sampleRateHz: 16_000 });
  words.resolve('late');
  await settled();
  expect(texts).toEqual([]);
});

test('long answers are cut in their pauses, and no sample is lost', () => {
  const pcm = second(45);
  pcm.fill(0, 17 * 16_000, 17.2 * 16_000);
  const pieces = piecesOf(pcm);
  expect(pieces[0]!.length / 16_000).toBeCloseTo(17.1, 0);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(20 * 16_000);
  expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(pcm.length);
});

test('of an answer that was cut off, only what was played is kept, whatever becomes of what was given to the loudspeaker', () => {
  const sound = new KeptSound(24_000);
  const pcm = new Float32Array(24_000).fill(0.5);
  sound.add(pcm);
  sound.add(new Float32Array(24_000).fill(0.25));
  pcm.fill(0);
  const played = sound.played(30_000);
  expect(played.length).toBe(30_000);
  expect([played[0], played[23_999], played[24_000]]).toEqual([0.5, 0.5, 0.25]);
});
