import { join } from 'node:path';
import { EnglishPhonemes } from './english-phonemes.ts';
import { LetterToSound, type LetterAlphabet } from './letter-to-sound.ts';
import { PartOfSpeechTagger, type TaggerData } from './part-of-speech.ts';
import { PronouncingDictionary, type DictionaryEntry } from './pronouncing-dictionary.ts';
import { readTagger } from './tagger-weights.ts';
import { readJsonFile } from './voice-json.ts';

export interface Pronunciation {
  /** `given`: sounds of characters that stand for words. */
  read(text: string, given?: Readonly<Record<string, string>>): Promise<string>;
  release(): Promise<void>;
}

/**
 * Loads the pronunciation data that lies beside a hibari voice (lexicon_us_gold.json.gz, lexicon_us_silver.json.gz,
 * tagger.json.gz, oov.onnx, oov.json). Throws `model-missing` or `model-corrupt` naming the file.
 */
export async function loadPronunciation(folder: string): Promise<Pronunciation> {
  const [gold, silver, tagger] = await Promise.all([
    readJsonFile<Record<string, DictionaryEntry>>(join(folder, 'lexicon_us_gold.json.gz')),
    readJsonFile<Record<string, DictionaryEntry>>(join(folder, 'lexicon_us_silver.json.gz')),
    readJsonFile<TaggerData>(join(folder, 'tagger.json.gz'), readTagger),
  ]);
  const alphabet = await readJsonFile<LetterAlphabet>(join(folder, 'oov.json'));
  const letterToSound = await LetterToSound.load({ modelPath: join(folder, 'oov.onnx'), alphabet });
  const english = new EnglishPhonemes({
    dictionary: new PronouncingDictionary(gold, silver),
    tagger: new PartOfSpeechTagger(tagger),
    guess: (word) => letterToSound.pronounce(word),
  });
  return { read: (text, given) => english.read(text, given), release: () => letterToSound.release() };
}
