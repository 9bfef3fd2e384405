import { describe, expect, it } from 'vitest';
import { checkReplies } from '../../../../main/cascade/reply-cache/check-replies.ts';
import { everydayReplies } from '../../../../main/cascade/reply-cache/intent-table.ts';
import { readReplies, writeReplies } from '../../../../main/cascade/reply-cache/own-replies.ts';
import { OwnReplies } from '../../../../main/cascade/reply-cache/own-replies-table.ts';
import type { Intent, IntentTable } from '../../../../main/contract/replies.ts';

const cat: Intent = { id: 'cat', phrases: ['where is the (cat|kitten)'], answers: ['On the sofa.'] };
const table = (...intents: Intent[]): IntentTable => ({ version: 1, intents });
const words = (own: IntentTable, kind: 'problem' | 'remark'): string[] =>
  checkReplies(own, everydayReplies)
    .filter((issue) => issue.kind === kind)
    .map((issue) => issue.words);

/** A file in memory, whose writes are counted. */
class MemoryFile {
  text: string | null = null;
  writes = 0;
  aside: string | null = null;
  read(): string | null {
    return this.text;
  }
  async write(text: string): Promise<void> {
    this.text = text;
    this.writes++;
  }
  async setAside(): Promise<void> {
    this.aside = this.text;
    this.text = null;
  }
}

function own(text: string | null = null) {
  const file = new MemoryFile();
  file.text = text;
  let changes = 0;
  const replies = new OwnReplies({ file, onChange: () => changes++ });
  return { file, replies, changes: () => changes };
}

describe('the shipped table', () => {
  // Its wide templates overlap here and there; the first answers.
  it('is without a problem by the rules for own ones, overlaps apart', () => {
    const problems = words(everydayReplies, 'problem').filter((each) => !each.includes('is already a phrase of'));
    expect(problems).toEqual([]);
  });
});

describe('a file of replies', () => {
  it('is the same text for the same table, ready for version control', () => {
    const text = writeReplies({ version: 1, off: ['joke', 'greeting', 'joke'], intents: [cat] });
    expect(text).toBe(
      '{\n  "version": 1,\n  "intents": [\n    {\n      "id": "cat",\n      "phrases": [\n        "where is the (cat|kitten)"\n      ],\n' +
        '      "answers": [\n        "On the sofa."\n      ]\n    }\n  ],\n  "off": [\n    "greeting",\n    "joke"\n  ]\n}\n',
    );
    const read = readReplies(text);
    expect('table' in read && writeReplies(read.table)).toBe(text);
  });

  it.each([
    ['{"version": 1,\n "intents": [hello]}', 'at line 2, column 14'],
    ['{"version": 1,\n "intents": [],}', 'at line 2, column 16'],
    ['{"version": 1', 'at line 1, column 14'],
    ['', 'it ends too early'],
    ['[]', 'its top'],
    ['{"version": 2, "intents": []}', 'version 2, and this Parley reads version 1'],
    ['{"version": 1, "intents": [{"id": "cat", "phrases": ["x"], "answers": []}]}', 'intent "cat", answers'],
    ['{"version": 1, "intents": [{"id": "The Cat", "phrases": ["x"], "answers": ["y"]}]}', 'intent "The Cat", id'],
    ['{"version": 1, "intents": [{"id": "cat", "phrase": ["x"], "answers": ["y"]}]}', 'intent "cat"'],
  ])('%j is told of: %s', (text, told) => {
    const read = readReplies(text);
    expect('mistake' in read && read.mistake).toContain(told);
  });
});

describe('checking replies', () => {
  it.each([
    ['a bracket that stays open', { phrases: ['where is (the cat'] }, 'at character 18'],
    ['a bracket that closes nothing', { phrases: ['where) is it'] }, 'at character 6'],
    ['a phrase that fits silence', { phrases: ['[hello]'] }, 'must not be optional'],
    ['a phrase too short for likeness', { phrases: ['cat now'], fuzzy: true }, '"cat now" is too short'],
    ['an answer without a word', { answers: ['🙂'] }, 'nothing in it that can be spoken'],
    ['a condition on nothing', { when: { after: ['dog'] } }, '"dog"'],
  ])('%s', (_, change, told) => {
    expect(words(table({ ...cat, ...change }), 'problem').join()).toContain(told);
  });

  it('names the intent that has the phrase already', () => {
    const second = { ...cat, id: 'kitten', phrases: ['where is the kitten'] };
    expect(words(table(cat, second), 'problem')).toEqual([
      '"where is the kitten" is already a phrase of "cat", which comes first.',
    ]);
    const conditional = { ...second, when: { asked: true } };
    expect(words(table(conditional, cat), 'problem'), 'the first leaves the second something').toEqual([]);
    expect(words(table(cat, conditional), 'problem')).toHaveLength(1);
  });

  it('lets own ones take a phrase over from the shipped ones, and says so', () => {
    const hello = { ...cat, phrases: ['hello'] };
    expect(words(table(hello), 'problem')).toEqual([]);
    expect(words(table(hello), 'remark').join()).toContain('"greeting"');
    expect(words({ ...table(hello), off: ['greeting'] }, 'remark')).toEqual([]);
  });
});

describe("the user's own replies", () => {
  it('stand over the shipped ones: added before them, changed in their place, switched off', async () => {
    const { replies } = own(
      writeReplies({ ...table(cat, { ...cat, id: 'joke', phrases: ['make me smile'] }), off: ['greeting'] }),
    );
    const ids = replies.table.intents.map(({ id }) => id);
    expect(ids[0]).toBe('cat');
    expect(ids.indexOf('joke')).toBe(everydayReplies.intents.findIndex(({ id }) => id === 'joke'));
    expect(ids).not.toContain('greeting');
    const origins = Object.fromEntries(replies.shown.map(({ id, origin, isOn }) => [id, `${origin} ${isOn}`]));
    expect(origins).toMatchObject({ cat: 'own true', joke: 'changed true', greeting: 'shipped false' });
  });

  it('are kept when nothing is wrong with them, and only then', async () => {
    const { replies, file, changes } = own();
    const bad = await replies.check({ ...cat, phrases: ['('] }, { replaces: null, save: true });
    expect(bad.saved).toBe(false);
    expect(bad.issues).toHaveLength(1);
    expect((await replies.check(cat, { replaces: null, save: false })).issues).toEqual([]);
    expect(file.writes).toBe(0);
    expect((await replies.check(cat, { replaces: null, save: true })).saved).toBe(true);
    expect(replies.table.intents[0]).toEqual(cat);
    expect(changes()).toBe(1);
    const renamed = { ...cat, id: 'pet' };
    await replies.check(renamed, { replaces: 'cat', save: true });
    expect(replies.table.intents[0]!.id).toBe('pet');
    expect((await replies.check({ ...cat, id: 'joke' }, { replaces: null, save: true })).saved, 'taken').toBe(false);
    await replies.remove('pet');
    await replies.switch('joke', false);
    expect(replies.ownText).toBe('{\n  "version": 1,\n  "intents": [],\n  "off": [\n    "joke"\n  ]\n}\n');
  });

  it('are read anew when the file has changed, and what was edited by hand is not lost to the editor', async () => {
    const { replies, file, changes } = own();
    file.text = writeReplies(table(cat));
    await replies.switch('joke', false);
    expect(changes()).toBe(2);
    expect(replies.table.intents[0]).toEqual(cat);
    replies.reload();
    expect(changes(), 'nothing is new').toBe(2);
  });

  it('with a mistake in them are left alone, and the shipped ones go on', async () => {
    const broken = '{"version": 1, "intents": [oops]}';
    const { replies, file } = own(broken);
    expect(replies.table.intents).toEqual(everydayReplies.intents);
    expect(replies.issues[0]!.words).toContain('line 1, column 28');
    await expect(replies.switch('joke', false)).rejects.toMatchObject({ code: 'replies-file-bad' });
    expect(file.text).toBe(broken);
    await expect(replies.import('no')).rejects.toMatchObject({ code: 'replies-file-bad' });
    expect(file.text).toBe(broken);
    await replies.import(writeReplies(table(cat)));
    expect(file.aside, 'kept beside the new one').toBe(broken);
    expect(replies.issues).toEqual([]);
    expect(replies.table.intents[0]).toEqual(cat);
  });
});
