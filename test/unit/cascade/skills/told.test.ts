import { describe, expect, it } from 'vitest';
import { ReplyCache } from '../../../../main/cascade/reply-cache/reply-cache.ts';
import { SkillRig } from './skill-rig.ts';

const cache = new ReplyCache();

/** What is answered after the user has told all that; null: it is left to the model. */
function askedBack(told: readonly string[], question: string): string | null {
  const history = told.map((user) => ({ user, heard: 'Good to know.' }));
  const { name, text } = new SkillRig({ cache }).ask(question, history);
  return name === null ? null : `${name}: ${text}`;
}

describe('what users have told of themselves', () => {
  it.each([
    ['My name is Agnes.', 'What is my name?', 'Your name is Agnes.'],
    ["Hi, I'm called Agnes.", 'Who am I?', 'Your name is Agnes.'],
    ['Call me Agnes.', 'Do you know my name?', 'Your name is Agnes.'],
    ['My dog is called Biscuit.', "What's my dog called?", 'Your dog is called Biscuit.'],
    ["My dog's name is Biscuit.", 'What is the name of my dog?', 'Your dog is called Biscuit.'],
    ["My dog's called Biscuit.", "What is my dog's name?", 'Your dog is called Biscuit.'],
    ['My sister is called Ruth.', 'And what is my sister called?', 'Your sister is called Ruth.'],
    ['I live in Dublin.', 'Where do I live?', 'You live in Dublin.'],
    ['I live in Dublin.', 'Do you remember where I live?', 'You live in Dublin.'],
    ['My favourite colour is green.', "What's my favorite color?", 'Your favorite color is green.'],
    ['I was born in March.', 'When was I born?', 'You were born in March.'],
    ['I was born in Leeds.', 'Where was I born?', 'You were born in Leeds.'],
    ['I work as a nurse.', 'What do I do for a living?', 'You work as a nurse.'],
    ['I drive an old van.', 'What do I drive?', 'You drive an old van.'],
    ["I'm allergic to peanuts.", 'What am I allergic to?', 'You are allergic to peanuts.'],
    ['My flight leaves on Sunday.', 'When does my flight leave?', 'Your flight leaves on Sunday.'],
    ['My flight leaves on Sunday.', 'What day does my flight leave?', 'Your flight leaves on Sunday.'],
    ['My keys are on the kitchen table.', 'Where are my keys?', 'Your keys are on the kitchen table.'],
    ['I am forty two years old.', 'How old am I?', 'You are forty two years old.'],
    ['My mother teaches maths in my town.', 'What does my mother teach?', 'Your mother teaches maths in your town.'],
    ['By the way, my name is Jo. Nice to meet you.', 'What is my name?', 'Your name is Jo.'],
  ])('"%s" … "%s" → "%s"', (told, question, answer) => {
    expect(askedBack(['Hello.', told, 'What is two plus two?'], question)).toBe(`told: ${answer}`);
  });

  it('is what was told last', () => {
    const told = ['My appointment is on Tuesday.', 'What is two plus two?', 'My appointment is on Friday.'];
    expect(askedBack(told, 'When is my appointment?')).toBe('told: Your appointment is on Friday.');
  });

  it('can be put right just after', () => {
    const told = ['My appointment is on Tuesday.', 'No, it is on Wednesday.', 'What is two plus two?'];
    expect(askedBack(told, 'When is my appointment?')).toBe('told: Your appointment is on Wednesday.');
    expect(askedBack(['The bank opens at nine.', 'No, it is on Wednesday.'], 'When is my appointment?')).toBe(null);
  });

  it.each([
    ['My name is Agnes.', "What's your name?"],
    ['I live in Dublin.', 'Where do you live?'],
    ['My favourite colour is green.', 'What is your favourite colour?'],
  ])('"%s" … "%s" asks for something else', (told, question) => {
    expect(askedBack([told], question)).toMatch(/^(?!told)/);
  });

  it.each([
    [[], 'What is my name?'],
    [[], 'Where do I live?'],
    [[], 'What is my favourite colour?'],
    [['My name is Agnes.'], 'What is my dog called?'],
    [['Is my name Agnes?'], 'What is my name?'],
    [['My name is not Agnes.'], 'What is my name?'],
    [['I live alone.'], 'Where do I live?'],
    [['I live in Dublin.', 'I do not live in Dublin any more.'], 'Where do I live?'],
    [['My appointment is on Tuesday.'], 'Where is my appointment?'],
    [['My name is Agnes if you like, but my friends call me Aggie.'], 'What is my name?'],
    [['My dog is called Biscuit.'], "What is my neighbour's dog called?"],
    [['I am tired.'], 'Who am I?'],
    [['I am tired.'], 'How old am I?'],
  ])('%j … "%s" is left to the model', (told, question) => {
    expect(askedBack(told, question)).toBe(null);
  });
});
