import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HibariTts } from '../../main/engines/tts/hibari.ts';
import { ttsContract } from '../contract/tts-contract.ts';
import { describeRoundTrip, roundTrip } from './tts-round-trip.ts';
import { collectSpeech, modelFolder, modelsMissing, VOICE_FILES } from './tts-voices.ts';

const folder = modelFolder('hibari-heart');

describe.skipIf(modelsMissing('hibari-heart'))('the default voice', () => {
  let voice: HibariTts;
  beforeAll(async () => {
    voice = await HibariTts.load({ folder });
  });
  afterAll(() => voice.close());

  ttsContract(
    'hibari',
    async () => {
      const tts = await HibariTts.load({ folder });
      return { tts, dispose: () => tts.close() };
    },
    { shared: async () => voice },
  );

  // Phoneme strings of the reference implementation (hibari-tts 0.2.1 in Python) for the same sentences.
  test.each([
    [
      "It's twenty-one degrees outside, and the sun doesn't set until nine p.m.",
      'ˌɪts twˌɛntiwˈʌn dəɡɹˈiz ˌWtsˈId, ænd ðə sˈʌn dˈʌzᵊnt sˈɛt ˌʌntˈɪl nˈIn pˌiˈɛm',
    ],
    [
      "The well-known U.S. senator can't read the record he read yesterday.",
      'ðə wˌɛlnˈOn jˌuˈɛs sˈɛnəTəɹ kˈænt ɹˈid ðə ɹˈɛkəɹd hi ɹˈɛd jˈɛstəɹdˌA.',
    ],
    ['NASA and the FBI use HTML, OK?', 'nˈæsə ænd ði ˌɛfbˌiˈI jˈus ˌAʧtˌiˌɛmˈɛl, ˌOkˈA?'],
    ['I live in live music.', 'ˌI lˈɪv ɪn lˈIv mjˈuzɪk.'],
    ["Kubernetes isn't gonna fix that.", 'kjˈubəɹnˌits ˈɪzᵊnt ɡˈʌnə fˈɪks ðˈæt.'],
  ])('reads "%s" as its reference does', async (text, phonemes) => {
    expect(await voice.phonemes(text)).toBe(phonemes);
  });

  test('says the same text in the same samples, and streams a long clause in several chunks', async () => {
    const text = 'The capital of France is Paris, which lies on the river Seine, and it is home to two million people.';
    let chunks = 0;
    for await (const _ of voice.synthesize({ text })) chunks++;
    expect(chunks).toBeGreaterThan(3);
    const once = await collectSpeech(voice.synthesize({ text }));
    expect(await collectSpeech(voice.synthesize({ text }))).toEqual(once);
  });

  test.skipIf(modelsMissing('moonshine-tiny-en'))('is understood by the recogniser', async () => {
    const result = await roundTrip(voice);
    console.log(describeRoundTrip('hibari', result));
    expect(result.errors / result.words).toBeLessThan(0.08);
  });
});

describe.skipIf(modelsMissing('hibari-heart'))('a broken installation of the default voice', () => {
  const withCopy = async (body: (copy: string) => Promise<void>): Promise<void> => {
    const copy = await mkdtemp(join(tmpdir(), 'parley-hibari-'));
    try {
      for (const file of VOICE_FILES['hibari-heart']) await cp(join(folder, file), join(copy, file));
      await body(copy);
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  };

  test.each(VOICE_FILES['hibari-heart'])('says that %s is missing', (file) =>
    withCopy(async (copy) => {
      await rm(join(copy, file));
      await expect(HibariTts.load({ folder: copy })).rejects.toMatchObject({ code: 'model-missing', detail: file });
    }),
  );

  test.each(['hibari.onnx', 'lexicon_us_gold.json.gz', 'oov.onnx'])(
    'says that %s is corrupt when it is cut off',
    (file) =>
      withCopy(async (copy) => {
        await truncate(join(copy, file), Math.floor((await readFile(join(copy, file))).length / 2));
        await expect(HibariTts.load({ folder: copy })).rejects.toMatchObject({ code: 'model-corrupt', detail: file });
      }),
  );

  test('says that a network of another kind is corrupt', () =>
    withCopy(async (copy) => {
      await writeFile(join(copy, 'hibari.onnx'), await readFile(join(copy, 'oov.onnx')));
      await expect(HibariTts.load({ folder: copy })).rejects.toMatchObject({ code: 'model-corrupt' });
    }));
});
