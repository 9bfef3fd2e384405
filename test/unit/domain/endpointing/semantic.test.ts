import { describe, expect, it } from 'vitest';
import { fixedSilence } from '../../../../main/domain/endpointing/fixed-silence.ts';
import { phraseShape } from '../../../../main/domain/endpointing/phrase-shape.ts';
import { semanticEndpointing } from '../../../../main/domain/endpointing/semantic.ts';

describe('shape of a phrase', () => {
  it.each([
    ['What time is it?', 'question'],
    ['Tell me something about cats.', 'question'],
    ['Yes.', 'short-answer'],
    ['No thanks', 'short-answer'],
    ['I would like to', 'unfinished'],
    ['and then the', 'unfinished'],
    ['It was um', 'unfinished'],
    ['First we boil the water,', 'unfinished'],
    ['My number is five five three', 'dictating'],
    ['I went home yesterday.', 'statement'],
    ['Do you hear me? I was in the garden.', 'statement'],
    ['I am fine. And you?', 'question'],
    ['Pi is 3.14', 'statement'],
    ['And so, my fellow Americans.', 'unfinished'],
    ['Hello there, my friend.', 'unfinished'],
    ['Ladies and gentlemen', 'unfinished'],
    ['If it rains tomorrow.', 'unfinished'],
    ['In short.', 'unfinished'],
    ['Well.', 'unfinished'],
    ["I'd like to check my order status, please", 'question'],
    ['I need a taxi to the airport.', 'question'],
    ['I want', 'unfinished'],
    ['That is what I want', 'statement'],
    ['Good morning.', 'short-answer'],
    ['Thank you.', 'short-answer'],
    ['Who am I talking to?', 'question'],
    ['Where does chocolate come from?', 'question'],
    ['What are you looking at', 'question'],
    ['What is the capital of', 'unfinished'],
    ['What is it for?', 'question'],
    ['How much is that with', 'unfinished'],
    ['How do I get to', 'unfinished'],
    ['How much is one seven plus two six?', 'question'],
    ['Call zero seven nine', 'dictating'],
    ['Please remember this number for me.', 'unfinished'],
    ['Remember this number for me. Zero three zero. Five five two.', 'dictating'],
    ['Please remember this number for me. 030. 552.', 'dictating'],
    ['Can you write this down, please?', 'unfinished'],
    ['Can you read this list to me?', 'question'],
    ['Who is number one? Two.', 'question'],
    ['When I get home tonight,', 'unfinished'],
    ['When is the next train?', 'question'],
    ['What I would like to know', 'statement'],
    ['What the weather is like?', 'question'],
    ['Put eggs on the shopping list.', 'question'],
  ])('"%s" is %s', (text, shape) => {
    expect(phraseShape(text)).toBe(shape);
  });
});

describe('a few words after a question', () => {
  it.each(['Tuesday.', 'At half past seven.', 'The blue one.'])('"%s" are its answer', (text) => {
    expect(phraseShape(text, { answersQuestion: true })).toBe('short-answer');
    expect(phraseShape(text)).toBe('statement');
  });
});

describe('semantic endpointing', () => {
  const policy = semanticEndpointing();
  const delay = (text: string | null, completeProbability: number | null) =>
    policy.delayMs({ text, completeProbability, speechMs: 1000 });

  it('waits longer the less complete a turn sounds', () => {
    const delays = [0.99, 0.8, 0.5, 0.2, 0.02].map((probability) => delay('I went home yesterday', probability));
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(new Set(delays).size).toBe(delays.length);
  });

  it('does not believe the sound alone when the phrase is unfinished', () => {
    expect(delay('I would like to', 0.95)).toBeGreaterThan(1.2 * delay('I would like tea', 0.95));
    expect(delay('I would like to', 0.95)).toBeGreaterThan(3 * delay('Would you like tea?', 0.95));
  });

  it('prepares no answer for a phrase that is plainly unfinished', () => {
    expect(policy.speculate({ text: 'I would like to', completeProbability: 0.3, speechMs: 900 })).toBe(false);
    expect(policy.speculate({ text: 'What time is it?', completeProbability: 0.9, speechMs: 900 })).toBe(true);
    // Long waits are the ones worth using.
    expect(policy.speculate({ text: 'We had everything before us.', completeProbability: 0.05, speechMs: 900 })).toBe(
      true,
    );
  });

  it('waits longer for words that the language model finds no sentence in, and no shorter for a probable one', () => {
    const after = (text: string, sentenceEnd: number | null) =>
      policy.delayMs({ text, completeProbability: 0.9, sentenceEnd, speechMs: 1000 });
    const question = 'How long does it take to drive from Munich?';
    expect(after(question, 0.001)).toBeGreaterThan(after(question, null) + 200);
    expect(after(question, 0.9)).toBe(after(question, null));
    expect(after('The problem is that my computer.', 0)).toBeGreaterThan(
      after('The problem is that my computer.', 0.2),
    );
  });

  it('asks the language model only where its word counts', () => {
    const asks = (text: string, answersQuestion = false) =>
      policy.asksSentenceEnd!({ text, completeProbability: null, speechMs: 1000, answersQuestion });
    expect(asks('The problem is that my computer')).toBe(true);
    expect(asks('Yes.')).toBe(false);
    expect(asks('Tuesday.', true)).toBe(false);
    expect(asks('')).toBe(false);
    expect(fixedSilence(300).asksSentenceEnd).toBeUndefined();
  });

  it('waits less for a statement that code has understood', () => {
    const after = (isKnown: boolean) =>
      policy.delayMs({ text: 'Thank you so much for your help.', completeProbability: 0.9, speechMs: 1000, isKnown });
    expect(after(true)).toBeLessThan(0.6 * after(false));
  });

  it('does not believe the sound when a short answer sounds unfinished', () => {
    expect(delay('Yes.', 0.05)).toBeLessThan(delay('I went home', 0.9));
  });

  it('works from the words alone without a turn detector', () => {
    expect(delay('What time is it?', null)).toBeLessThan(delay('It was the', null));
  });
});

describe('fixed silence', () => {
  it('asks for the same silence whatever was said', () => {
    const policy = fixedSilence(700);
    expect(policy.delayMs({ text: null, completeProbability: null, speechMs: 1 })).toBe(700);
    expect(policy.delayMs({ text: 'and', completeProbability: 0, speechMs: 1 })).toBe(700);
  });
});
