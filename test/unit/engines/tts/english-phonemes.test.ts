import { describe, expect, test } from 'vitest';
import { EnglishPhonemes } from '../../../../main/engines/tts/english-phonemes.ts';
import { PartOfSpeechTagger } from '../../../../main/engines/tts/part-of-speech.ts';
import { readTagger } from '../../../../main/engines/tts/tagger-weights.ts';
import { PronouncingDictionary } from '../../../../main/engines/tts/pronouncing-dictionary.ts';

const GOLD = {
  A: 'ˈA',
  B: 'bˈi',
  F: 'ˈɛf',
  I: 'ˈI',
  L: 'ˈɛl',
  M: 'ˈɛm',
  S: 'ˈɛs',
  U: 'jˈu',
  apple: 'ˈæpᵊl',
  cat: 'kˈæt',
  church: 'ʧˈɜɹʧ',
  dog: 'dˈɔɡ',
  do: 'dˈu',
  "don't": 'dˈOnt',
  city: 'sˈɪɾi',
  stop: 'stˈɑp',
  wait: 'wˈAt',
  need: 'nˈid',
  one: 'wˈʌn',
  paris: 'pˈæɹəs',
  read: { DEFAULT: 'ɹˈid', VBD: 'ɹˈɛd' },
  run: 'ɹˈʌn',
  that: { DEFAULT: 'ðæt', None: 'ðˈæt' },
  three: 'θɹˈi',
  to: 'tu',
  twenty: 'twˈɛnti',
};
const SILVER = { zorb: 'zˈɔɹb' };

const tagger = new PartOfSpeechTagger(
  readTagger(
    JSON.stringify({
      tags: ['NN', 'DT', 'IN', 'VB', 'VBD', 'PRP'],
      tagdict: { a: 'DT', the: 'DT', in: 'IN', I: 'PRP' },
      vocab: ['he', 'will', 'read', 'it'],
      weights: { 'w-1=he': { VBD: 2 }, 'w-1=will': { VB: 2 } },
    }),
  ),
);
const guessed: string[] = [];
const english = new EnglishPhonemes({
  dictionary: new PronouncingDictionary(GOLD, SILVER),
  tagger,
  guess: async (word) => {
    guessed.push(word);
    return `<${word}>`;
  },
});

describe('reading English as phonemes', () => {
  test.each([
    ['the cat', 'ðə kˈæt'],
    ['the apple', 'ði ˈæpᵊl'],
    ['to Paris', 'tə pˈæɹəs'],
    ['to a cat', 'tə ɐ kˈæt'],
    ['a cat, in.', 'ɐ kˈæt, ˈɪn.'],
    ['I do that cat', 'ˌI dˈu ðæt kˈæt'],
    ['I do that.', 'ˌI dˈu ðˈæt.'],
  ])('"%s" depends on what follows', async (text, phonemes) => {
    expect(await english.read(text)).toBe(phonemes);
  });

  test('a word is read by its part of speech', async () => {
    expect(await english.read('he read')).toContain('ɹˈɛd');
    expect(await english.read('will read')).toContain('ɹˈid');
  });

  test.each([
    ['cats', 'kˈæts'],
    ['dogs', 'dˈɔɡz'],
    ['churches', 'ʧˈɜɹʧᵻz'],
    ["dog's", 'dˈɔɡz'],
    ["dogs'", 'dˈɔɡz'],
    ['cities', 'sˈɪTiz'],
    ['stopped', 'stˈɑpt'],
    ['needed', 'nˈidᵻd'],
    ['waited', 'wˈATᵻd'],
    ['waiting', 'wˈATɪŋ'],
    ['running', 'ɹˈʌnɪŋ'],
  ])('"%s" is worked out from its stem', async (word, phonemes) => {
    expect(await english.read(word)).toBe(phonemes);
  });

  test.each([
    ['FBI', 'ˌɛfbˌiˈI'],
    ['U.S.', 'jˌuˈɛs'],
    ['LLMs', 'ˌɛlˌɛlˈɛmz'],
    ['STOP', 'stˈɑp'],
    ['Cat', 'kˈæt'],
    ["Don't", 'dˈOnt'],
    ['twenty-one', 'twˈɛntiwˌʌn'],
    ['zorb', 'zˈɔɹb'],
    ['3', 'θɹˈi'],
  ])('"%s" is read as people do', async (word, phonemes) => {
    expect(await english.read(word)).toBe(phonemes);
  });

  test('keeps the punctuation that the voice knows and drops the rest', async () => {
    expect(await english.read('“Cat,” — dog… (cat)! #~')).toBe('kˈæt, — dˈɔɡ… (kˈæt)!');
    expect(await english.read('cat - dog')).toBe('kˈæt — dˈɔɡ');
  });

  test('only unknown words are guessed, names of inherited properties among them', async () => {
    guessed.length = 0;
    expect(await english.read('the constructor toString __proto__ cat')).toContain('kˈæt');
    expect(guessed).toContain('constructor');
    expect(guessed).not.toContain('cat');
  });

  test('takes given sounds for characters that stand for words, and only for those', async () => {
    expect(await english.read('the \uE000.', { '\uE000': 'ˈɛɡ', cat: 'x' })).toBe('ði ˈɛɡ.');
    expect(await english.read('cat', {})).toBe('kˈæt');
  });

  test.each(['', '  ', '...', '—', '?!', '***'])('"%s" is nothing to say', async (text) => {
    expect(await english.read(text)).toBe('');
  });
});
