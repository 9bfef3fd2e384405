import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClauseSplitter, type Clause } from '../../../../main/cascade/speech-text/split-clauses.ts';

function split(text: string, pieces: string[] = [text]): Clause[] {
  const splitter = new ClauseSplitter();
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
}
const written = (text: string): string[] =>
  split(text).map((clause) => text.slice(clause.startChar, clause.endChar).trim());

describe('the first clause', () => {
  test.each([
    ['Sure. I can do that for you right away.', 'Sure.'],
    ['Of course, here is what I found for you.', 'Of course,'],
    ['The weather today: sunny and warm all day.', 'The weather today:'],
    ['I looked it up — it is open until nine.', 'I looked it up —'],
    ['You should take the bus because it is much cheaper than a taxi.', 'You should take the bus'],
    ['The quick brown fox jumps over the lazy dog and runs away.', 'The quick brown fox jumps'],
    ['Well, yes, that is right and good.', 'Well, yes,'],
  ])('of "%s" is short', (text, first) => {
    expect(written(text)[0]).toBe(first);
  });

  test('comes as soon as its last mark is there, not one word later', () => {
    const splitter = new ClauseSplitter();
    expect(splitter.push('Of course')).toEqual([]);
    expect(splitter.push(',')).toEqual([{ text: 'Of course,', startChar: 0, endChar: 10 }]);
  });

  test('never ends after a word that leans on the next', () => {
    expect(written('This here is one of the most beautiful places that I know.')[0]).not.toMatch(/ (?:the|of|most)$/);
  });
});

test('later clauses are longer than the first', () => {
  const text =
    'Sure, here it is. The old town, which lies on a hill, has narrow streets, small shops, and a market that opens early, ' +
    'and the new town, which lies by the river, has wide roads, parks, and a station with trains to the coast.';
  const words = split(text).map((clause) => clause.text.split(' ').length);
  expect(words[0]).toBeLessThanOrEqual(5);
  expect(Math.max(...words.slice(2))).toBeGreaterThanOrEqual(8);
});

describe('what stays whole', () => {
  test.each([
    'I think it is 3.14, or so.',
    'They paid 1,000,000 for it.',
    'Ask Dr. Smith for it.',
    'Take fruit, e.g. apples.',
    'J. K. Rowling wrote that.',
    'Go to https://example.com/a,b.c?d=e now.',
    'It ends at 3:30 today.',
    'Version 2.0.1 is out now.',
    'Use node.js for that.',
    'See [this, and that. Yes](https://x.io/a) please.',
  ])('"%s"', (text) => {
    for (const clause of written(text)) {
      expect(clause).not.toMatch(/(?:^|\s)(?:\d+[.,:]|Dr\.|e\.g\.|J\.|K\.|https:|\[[^\]]*)$/);
      expect(clause).not.toMatch(/^(?:\d+[.,]?\d*[.,]|js|b\.c|and that)/);
    }
  });

  test('a full stop of an abbreviation ends a sentence when a new one follows', () => {
    expect(written('We met at 9 a.m. Then we left at once.')).toContain('Then we left at once.');
    expect(written('We met at 9 a.m. and left at once.')[0]).not.toMatch(/a\.m\.$/);
  });
});

describe('Markdown', () => {
  test('a code block is a clause of its own with nothing to say', () => {
    const text = 'Here it is:\n```js\nfoo(a, b); bar. Baz\n```\nThat is all.';
    expect(split(text).map((clause) => clause.text)).toEqual(['Here it is:', '', 'That is all.']);
  });

  test('a code block that never ends is not spoken', () => {
    expect(split('Here it is:\n```js\nfoo(a, b); bar.').map((clause) => clause.text)).toEqual(['Here it is:', '']);
  });

  test('each line of a list is a clause, and its number stays with it', () => {
    expect(written('1. Wash the apples\n2. Cut them\n3. Eat')).toEqual(['1. Wash the apples', '2. Cut them', '3. Eat']);
  });
});

test('a clause says its number in words but keeps its place in the written text', () => {
  const text = 'It costs $5.50, that is all.';
  const [first] = split(text);
  expect(first!.text).toBe('It costs five dollars and fifty cents,');
  expect(text.slice(first!.startChar, first!.endChar)).toBe('It costs $5.50,');
});

test('may be used for the next answer after end()', () => {
  const splitter = new ClauseSplitter();
  splitter.push('One two three. Four');
  splitter.end();
  expect(splitter.push('Yes. ')).toEqual([{ text: 'Yes.', startChar: 0, endChar: 4 }]);
});

const WORDS = [
  ...[
    'Sure',
    'well',
    'the',
    'cat',
    'and',
    'but',
    'over',
    'because',
    'Paris',
    'is',
    'of',
    'I',
    'etc.',
    'Dr.',
    'e.g.',
    'a.m.',
    '3.14',
  ],
  ...[
    '1,000',
    '$5',
    'www.a.com',
    'https://a.b/c,d',
    '**bold**',
    '`x`',
    '```',
    '\n```\n',
    '[a, b](u)',
    '[',
    '](',
    '-',
    '—',
    '1.',
    '\n',
    '\n- ',
  ],
  ...[',', '.', '!', '?', ':', ';', '…', '"', ')', '😀', ' ', '  ', 'U.S.', '...'],
];
const answer = fc
  .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(' ', ' ', ' ', '')), { maxLength: 60 })
  .map((parts) => parts.flat().join(''));

test('ranges follow each other from the first character to the last that is not white space', () => {
  fc.assert(
    fc.property(answer, (text) => {
      let at = 0;
      for (const clause of split(text)) {
        expect(clause.startChar).toBe(at);
        expect(clause.endChar).toBeGreaterThan(at);
        at = clause.endChar;
      }
      expect(text.slice(at).trim()).toBe('');
    }),
    { numRuns: 500 },
  );
});

test('how the model cuts its text into pieces makes no difference', () => {
  fc.assert(
    fc.property(answer, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (text, sizes) => {
      const pieces: string[] = [];
      for (let at = 0, i = 0; at < text.length; i++) {
        const size = sizes[i % sizes.length]!;
        pieces.push(text.slice(at, at + size));
        at += size;
      }
      expect(split(text, pieces)).toEqual(split(text));
    }),
    { numRuns: 500 },
  );
});
