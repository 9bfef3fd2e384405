import { describe, expect, it } from 'vitest';
import { withDigits } from '../../../../main/cascade/utterance/number-words.ts';
import { SkillRig } from './skill-rig.ts';

describe('number words', () => {
  it.each([
    ['twenty five', '25'],
    ['a hundred and ten', '110'],
    ['one million two hundred thousand and five', '1200005'],
    ['two point five', '2.5'],
    ['seven thirty', '7 30'],
    ['seven oh five', '7:05'],
    ['an hour and a half', '1.5 hours'],
    ['half an hour', '0.5 hours'],
    ['one two three', '1 2 3'],
    ['nineteen eighty four', '19 84'],
    ['three thousand and forty', '3040'],
    ['no numbers here', 'no numbers here'],
  ])('%s → %s', (words, digits) => expect(withDigits(words)).toBe(digits));
});

describe('sums', () => {
  it.each([
    ['What is twelve times seven?', '12 times 7 is 84.'],
    ['what is too plus, too', '2 plus 2 is 4.'],
    ['Fifteen percent of eighty.', '15 percent of 80 is 12.'],
    ['What is 0.1 plus 0.2?', '0.1 plus 0.2 is 0.3.'],
    ['What is two plus three times four?', '2 plus 3 times 4 is 14.'],
    ['What is ten divided by three?', '10 divided by 3 is about 3.33.'],
    ['In one hundred and twelve, minus thirteen,', '112 minus 13 is 99.'],
    ['What is 5 minus 8?', '5 minus 8 is minus 3.'],
    ['Subtract seven from twenty.', '20 minus 7 is 13.'],
    ['1,250 * 4', '1,250 times 4 is 5,000.'],
    ['What is seven divided by zero?', "You can't divide by zero."],
    ['What is the square root of 2?', 'The square root of 2 is about 1.41.'],
    ['What is nine to the power of nine to the power of nine?', 'That number is too large to say.'],
  ])('%s', (say, answer) => expect(new SkillRig().ask(say).text).toBe(answer));

  it.each([
    'What is plus?', 'Two plus', 'What is seven?', 'two for the road', 'What is x plus y?', 'process.exit() plus 1', 'What is two plus two minus?', 'one plus one is a phone brand', 'to be or not to be',
  ])('"%s" is none', (say) => expect(new SkillRig().ask(say).stage).toBe('model')); // prettier-ignore
});

describe('units', () => {
  it.each([
    ['How many feet in a mile?', '1 mile is 5,280 feet.'],
    ['Convert 10 kilometers to miles.', '10 kilometers are about 6.21 miles.'],
    ['What is minus 40 Celsius in Fahrenheit?', 'Minus 40 degrees Celsius is minus 40 degrees Fahrenheit.'],
    ['How many ounces in a cup?', '1 cup is 8 fluid ounces.'],
    ['How many ounces in a pound?', '1 pound is 16 ounces.'],
    ['What is 60 miles per hour in kilometers per hour?', '60 miles per hour are about 96.56 kilometers per hour.'],
    ['How many teaspoons are in two tablespoons?', '2 tablespoons are 6 teaspoons.'],
  ])('%s', (say, answer) => expect(new SkillRig().ask(say).text.toLowerCase()).toBe(answer.toLowerCase()));

  it.each([
    'How many feet in a kilogram?',
    'How many apples in a pound?',
    'Convert 10 dollars to euros.',
    'How many cups in a day?',
  ])('"%s" goes to the model', (say) => expect(new SkillRig().ask(say).stage).toBe('model'));
});

describe('chance', () => {
  it('stays within what was asked for', () => {
    const rig = new SkillRig();
    for (const chance of [0, 0.5, 0.999_999]) {
      rig.chance = chance;
      const picked = Number(rig.ask('Pick a number between 5 and 7.').text.replace('.', ''));
      expect(picked).toBeGreaterThanOrEqual(5);
      expect(picked).toBeLessThanOrEqual(7);
    }
    rig.chance = 0;
    expect(rig.ask('Flip a coin.').text).toBe("It's heads.");
    rig.chance = 0.9;
    expect(rig.ask('Flip a coin.').text).toBe("It's tails.");
    expect(rig.ask('Roll a twenty sided die.').text).toBe('You rolled a 19.');
  });
});
