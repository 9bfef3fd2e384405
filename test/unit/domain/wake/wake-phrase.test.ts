import { describe, expect, test } from 'vitest';
import { matchWakePhrase } from '../../../../main/domain/wake/wake-phrase.ts';
import everyday from '../../../fixtures/everyday.json' with { type: 'json' };
import nearMisses from '../../../fixtures/everyday-near-misses.json' with { type: 'json' };

const PHRASE = 'Hey Parley';
const typeOf = (text: string): string => matchWakePhrase(text, PHRASE).type;

describe('being called', () => {
  // As Moonshine wrote down what eight voices said, some of them in noise.
  test.each([
    'Hey, parley.',
    'A. Parley.',
    'Hey Parlay',
    'A-parley.',
    'Hay parley',
    'Hey, Perley.',
    'Hey, Farley.',
    'Hey Farly',
    'But hey, parley.',
    'Yeah. Hey, parley.',
    'Ah, hey, Parley.',
    'Hey par ley',
    'HEY PARLEY',
  ])('by "%s"', (text) => expect(matchWakePhrase(text, PHRASE)).toEqual({ type: 'called', rest: '' }));

  test('what follows the phrase is the turn, as it was written', () => {
    expect(matchWakePhrase("Hey, Parley, what's 3.5 plus 2?", PHRASE)).toEqual({
      type: 'called',
      rest: "What's 3.5 plus 2?",
    });
    expect(matchWakePhrase('A parley stop.', PHRASE)).toEqual({ type: 'called', rest: 'Stop.' });
  });

  test('any phrase can be chosen', () => {
    expect(matchWakePhrase('Okay, Computer. Lights out.', 'Computer')).toEqual({ type: 'called', rest: 'Lights out.' });
    expect(matchWakePhrase('Ola Casa Mia, hello', 'Hola Casa Mia')).toEqual({ type: 'called', rest: 'Hello' });
    expect(matchWakePhrase('Commuter trains are late.', 'Computer').type).toBe('other');
  });
});

describe('not being called', () => {
  // As it was written down of what is said to other people, chosen to sound alike.
  test.each([
    'Hey, Charlie, what time is it?',
    'Hey, Marley, come here.',
    'Hey, Carly.',
    'Hey, partly cloudy today.',
    'Hey party time',
    'Hey, Paul is here.',
    'Hey, Bailey, sit.',
    'Harley is my dog.',
    'Barley soup is good for you.',
    'Early in the morning.',
    'A probably not.',
    'Hey, pally, over here.',
    'Hey parents, listen.',
    'Hey guys, parlor games tonight?',
    'A fairly good idea.',
    'A poorly written book.',
    'Tell her I said hey, Parley.',
  ])('by "%s"', (text) => expect(typeOf(text)).toBe('other'));

  test('by nothing of what people say to an assistant every day, but its name', () => {
    const said = [...everyday.map(({ say }) => say), ...nearMisses];
    expect(said.length).toBeGreaterThan(300);
    expect(said.filter((text) => typeOf(text) === 'called')).toEqual(['Hi Parley.']);
  });
});

test.each(['', 'Hey', 'Hey,', 'A', 'Hey par', 'So, hey'])('"%s" may still become the phrase', (text) =>
  expect(typeOf(text)).toBe('perhaps'),
);
