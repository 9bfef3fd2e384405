import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { speakableText } from '../../../../main/cascade/speech-text/speakable-text.ts';

const says = (cases: readonly (readonly [written: string, spoken: string])[]): void => {
  test.each(cases)('%j', (written, spoken) => {
    expect(speakableText(written)).toBe(spoken);
  });
};

describe('numbers', () => {
  says([
    [
      'I have 1,234,567 of 12',
      'I have one million two hundred thirty-four thousand five hundred sixty-seven of twelve',
    ],
    ['pi is 3.14', 'pi is three point one four'],
    ['0.05 and 007', 'zero point zero five and zero zero seven'],
    ['minus: -5 and −7', 'minus: minus five and minus seven'],
    ['1st, 22nd and 100th', 'first, twenty-second and one hundredth'],
    ['½ of 2½ and 3/4', 'one half of two and one half and three quarters'],
    ['3-5 or 10–20', 'three to five or ten to twenty'],
    ['2 + 2 = 4', 'two plus two equals four'],
    ['10x faster on a 3x4 grid', 'ten times faster on a three by four grid'],
    ['24/7', 'twenty-four seven'],
    ['version v2.0.1', 'version version two point zero point one'],
    ['H2O and B2B and MP3', 'H two O and B two B and MP three'],
    ['1234567890123456', 'one two three four five six seven eight nine zero one two three four five six'],
    ['No. 5 and #3', 'Number five and number three'],
  ]);
});

describe('years, dates and times', () => {
  says([
    [
      '1984, 1905, 1900, 2000, 2005 and 2024',
      'nineteen eighty-four, nineteen oh five, nineteen hundred, two thousand, two thousand five and twenty twenty-four',
    ],
    ['the 1980s and the ’90s', 'the nineteen eighties and the nineties'],
    ['1939–1945', 'nineteen thirty-nine to nineteen forty-five'],
    ['on 2024-05-01', 'on May first, twenty twenty-four'],
    ['on 12/31/1999', 'on December thirty-first, nineteen ninety-nine'],
    ['on May 3rd, 2021', 'on May third, twenty twenty-one'],
    ['on 4 July 1776 or Jan. 5', 'on July fourth, seventeen seventy-six or January fifth'],
    ['in May 2024', 'in May twenty twenty-four'],
    ['at 3:05 pm or 9 a.m. sharp', 'at three oh five P.M. or nine A.M. sharp'],
    ["It's 12:00.", "It's twelve o'clock."],
    ['at 15:30', 'at fifteen thirty'],
    ['99:99', 'ninety-nine to ninety-nine'],
  ]);
});

describe('money and measures', () => {
  says([
    ['$4.50 or $1', 'four dollars and fifty cents or one dollar'],
    ['$0.99, $1,000.00', 'ninety-nine cents, one thousand dollars'],
    ['€10, 5€, £1.01 and ¥500', 'ten euros, five euros, one pound and one penny and five hundred yen'],
    ['$1.2 million and $5k', 'one point two million dollars and five thousand dollars'],
    ['25 USD', 'twenty-five dollars'],
    ['5 km, 1 km, 60 mph', 'five kilometers, one kilometer, sixty miles per hour'],
    ['10–20 km', 'ten to twenty kilometers'],
    ['-5°C or 70 °F', 'minus five degrees Celsius or seventy degrees Fahrenheit'],
    ['100% of 16 GB', 'one hundred percent of sixteen gigabytes'],
    ['5m tall, 300 ms', 'five meters tall, three hundred milliseconds'],
    ['I am 6 a day', 'I am six a day'],
  ]);
});

describe('addresses', () => {
  says([
    ['See https://www.example.com/a/b?c=1.', 'See example dot com.'],
    ['See example.org, please', 'See example dot org, please'],
    ['joe.doe@foo-bar.co.uk!', 'joe dot doe at foo dash bar dot co dot uk!'],
    ['Call 555-1234.', 'Call five five five, one two three four.'],
    ['node.js and e.g. Vue.js', 'node.js and for example Vue.js'],
  ]);
});

describe('abbreviations', () => {
  says([
    ['Dr. Smith and Mrs. Jones', 'Doctor Smith and Missus Jones'],
    ['St. Louis, 5 Baker St.', 'Saint Louis, five Baker Street'],
    ['apples, pears, etc.', 'apples, pears, et cetera.'],
    ['e.g., this, i.e. that', 'for example, this, that is that'],
    ['and/or, he/she, TCP/IP', 'and or, he or she, TCP IP'],
    ['R&D', 'R and D'],
  ]);
});

describe('Markdown, code and emoji', () => {
  says([
    ['**Bold**, *soft* and `code`', 'Bold, soft and code'],
    ['# Title\n\nText', 'Title, Text'],
    ['- one\n- two', 'one, two'],
    ['1. First\n2. Second', 'one, First, two, Second'],
    ['See [the docs](https://x.io/a(b)) now', 'See the docs) now'],
    ['See ![a picture](x.png)', 'See a picture'],
    ['```js\nfoo();\n```', ''],
    ['Before:\n```\nx = 1\n```\nAfter.', 'Before: After.'],
    ['> quoted', 'quoted'],
    ['Nice 👍🏽 job 👨‍👩‍👧 ❤️ 🇫🇷 1️⃣!', 'Nice job!'],
    ['<b>fat</b>', 'fat'],
    ['snake_case', 'snake case'],
    ['🎉', ''],
    ['...', ''],
    ['***', ''],
  ]);
});

test('plain sentences stay as they are', () => {
  for (const text of [
    "Yes, I'd say so.",
    'What? Really!',
    'The cat (a tabby) sat — quietly; then left: gone…',
    '“Hi,” she said.',
  ]) {
    expect(speakableText(text)).toBe(text);
  }
});

test('whatever comes in, no digits and no markup characters come out, and never an exception', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'aB1 2.,:-/$%€°*_`#[]()<>|\n~=+@x×½é😀'), maxLength: 40 }),
      (text) => {
        const spoken = speakableText(text);
        expect(spoken).not.toMatch(/[0-9`|]/);
        expect(spoken).toBe(spoken.trim());
      },
    ),
    { numRuns: 500 },
  );
});
