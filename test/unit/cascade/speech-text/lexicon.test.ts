import { describe, expect, it } from 'vitest';
import { Lexicon } from '../../../../main/cascade/speech-text/lexicon.ts';
import { LexiconVoice } from '../../../../main/cascade/speech-text/lexicon-voice.ts';
import { speakableText } from '../../../../main/cascade/speech-text/speakable-text.ts';
import type { SpeechRequest, Tts } from '../../../../main/ports/tts.ts';

describe('the lexicon', () => {
  const lexicon = new Lexicon([
    { word: 'Siobhan', spoken: 'Shivawn', phonemes: 'ʃəvˈɔn' },
    { word: 'SQL', spoken: 'sequel' },
    { word: 'K8s', spoken: 'kates' },
    { word: 'New Orleans', phonemes: 'nˌu ˈɔɹlənz' },
    { word: 'C++', spoken: 'see plus plus' },
  ]);
  const respelled = (text: string): string => lexicon.apply(speakableText(text), { phonemes: false }).text;

  it('says whole words as the user does, whatever their case', () => {
    expect(respelled('Ask siobhan, SIOBHAN or Siobhanna.')).toBe('Ask Shivawn, Shivawn or Siobhanna.');
  });

  it('keeps to the spelling of words with capitals inside', () => {
    expect(respelled('SQL, not sql.')).toBe('sequel, not sql.');
  });

  it('finds words that have been turned into speech by then', () => {
    expect(respelled('Run K8s in C++.')).toBe('Run kates in see plus plus.');
  });

  it('keeps the ending of possession', () => {
    expect(respelled("Siobhan's cat")).toBe("Shivawn's cat");
  });

  it('leaves a word that has only phonemes to voices that take them', () => {
    expect(respelled('In New Orleans.')).toBe('In New Orleans.');
  });

  it('gives phonemes for a character that stands for the word, with its ending', () => {
    const { text, phonemes } = lexicon.apply("Siobhan's in New Orleans.", { phonemes: true });
    expect(text).toBe('\uE000 in \uE001.');
    expect(phonemes).toEqual({ '\uE000': 'ʃəvˈɔnz', '\uE001': 'nˌu ˈɔɹlənz' });
  });

  it('changes nothing without entries', () => {
    expect(new Lexicon([]).apply('Hello.', { phonemes: true })).toEqual({ text: 'Hello.' });
  });
});

describe('a voice with a lexicon', () => {
  it('is asked for the words as they are said, and for those of an entry that is only tried', async () => {
    const asked: SpeechRequest[] = [];
    const voice: Tts = {
      sampleRateHz: 24_000,
      async *synthesize(request) {
        asked.push(request);
        yield new Float32Array(1);
      },
      close: () => Promise.resolve(),
    };
    const own = new LexiconVoice(voice, { takesPhonemes: () => false });
    own.setEntries([{ word: 'GIF', spoken: 'jif' }]);
    for await (const _ of own.synthesize({ text: 'A GIF.', speed: 1.2 }));
    for await (const _ of own.synthesizeWith([{ word: 'GIF', spoken: 'ghif' }], 'A GIF.'));
    expect(asked).toEqual([{ text: 'A jif.', speed: 1.2 }, { text: 'A ghif.' }]);
  });
});
