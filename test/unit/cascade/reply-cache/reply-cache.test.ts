import { describe, expect, it } from 'vitest';
import { FuzzyMatcher } from '../../../../main/cascade/reply-cache/fuzzy-matcher.ts';
import { intentTableSchema } from '../../../../main/contract/replies.ts';
import { everydayReplies, withOwnIntents } from '../../../../main/cascade/reply-cache/intent-table.ts';
import { PhraseTemplate, templatesPattern } from '../../../../main/cascade/reply-cache/phrase-template.ts';
import { ReplyCache } from '../../../../main/cascade/reply-cache/reply-cache.ts';
import { clausesOf } from '../../../../main/cascade/responder-chain.ts';
import { normalise } from '../../../../main/cascade/utterance/normalise.ts';
import { politeForms } from '../../../../main/cascade/utterance/politeness.ts';

const matches = (template: string, text: string): boolean =>
  templatesPattern([new PhraseTemplate(template)]).test(normalise(text));

describe('phrase templates', () => {
  it('have choices, options, and both within each other', () => {
    const template = '[hi|hey [there]] how( is it going| are (you|things))[ today]';
    for (const text of ["How's it going?", 'Hey there, how are you today?', 'hi how are things']) {
      expect(matches(template, text), text).toBe(true);
    }
    for (const text of ['how', 'hey how are', 'how are you tomorrow', 'so how are you']) {
      expect(matches(template, text), text).toBe(false);
    }
  });

  it('give the phrases that an utterance may be like, without what is optional', () => {
    expect(new PhraseTemplate('[hi ](who|what) are you[ anyway]').corePhrases()).toEqual([
      'who are you',
      'what are you',
    ]);
  });

  it.each(['(a', 'a)', '[a', 'a]', '(a]'])('"%s" is a mistake that is named', (template) => {
    expect(() => new PhraseTemplate(template)).toThrow(template);
  });
});

describe('normalising', () => {
  it.each([
    ["What's   UP?!", 'what is up'],
    ["I'm gonna, um, go now.", 'i am going to go now'],
    ['It’s 7:30 p.m.', 'it is 7:30 pm'],
    ['1,250.5 + 3', '1250.5 plus 3'],
    ['Thankyou', 'thank you'],
    ['It is, you know, nice.', 'it is nice'],
    ['Do you know my name?', 'do you know my name'],
    ['O.K.', 'okay'],
    ['Um…', 'um'],
    ['?!', ''],
  ])('%s → %s', (raw, text) => expect(normalise(raw)).toBe(text));

  it('takes politeness off step by step, and keeps what it took it from', () => {
    const forms = politeForms('hey parley could you please tell me the time please');
    expect(forms[0]).toBe('hey parley could you please tell me the time please');
    expect(forms).toContain('tell me the time');
    expect(forms.at(-1)).toBe('the time');
    expect(politeForms('can you hear me')[0]).toBe('can you hear me');
  });
});

describe('the fuzzy matcher', () => {
  const matcher = new FuzzyMatcher([
    { intentId: 'who', text: 'who are you' },
    { intentId: 'abilities', text: 'what can you help me with' },
    { intentId: 'thanks', text: 'thank you very much' },
    { intentId: 'yes', text: 'yes' },
  ]);

  it('finds a phrase that was misheard by a letter', () => {
    expect(matcher.best('what can you hellp me with')).toMatchObject({ intentId: 'abilities' });
    expect(matcher.best('what can you hellp me with')!.score).toBeGreaterThan(0.85);
  });

  it('never takes one or two words for others', () => {
    expect(matcher.best('yess')).toBeNull();
    expect(matcher.best('yes but')).toBeNull();
  });

  it.each(['thank you very much but no', 'who are you not', 'what can you help me with tomorrow'])(
    'sees that "%s" is turned around',
    (text) => expect(matcher.best(text)).toBeNull(),
  );
});

describe('the reply cache', () => {
  const cache = new ReplyCache();

  it('takes a phrase of the table in other spellings and with politeness around it', () => {
    for (const userText of ['What can you do?', 'Hey Parley, what can you do?', 'so, what can you do for me please']) {
      expect(cache.match({ userText, history: [] })?.intent.id, userText).toBe('what-can-you-do');
    }
  });

  it('does not say the same twice in a row where it knows more', () => {
    const first = cache.tryRespond({ userText: 'Thanks.', history: [] })!.text;
    const second = cache.tryRespond({ userText: 'Thanks.', history: [{ user: 'Thanks.', heard: first }] })!.text;
    expect(second).not.toBe(first);
  });

  it('gives the same answer to the same request', () => {
    const request = { userText: 'Hello', history: [] };
    expect(cache.tryRespond(request)).toEqual(cache.tryRespond(request));
  });

  it("puts the user's own intents first", () => {
    const own = intentTableSchema.parse({
      version: 1,
      intents: [
        { id: 'greeting', phrases: ['hello'], answers: ['Ahoy!'] },
        { id: 'pet', phrases: ['where is the cat'], answers: ['On the sofa.'] },
      ],
    });
    const mine = new ReplyCache(withOwnIntents(everydayReplies, own));
    expect(mine.tryRespond({ userText: 'Hello!', history: [] })?.text).toBe('Ahoy!');
    expect(mine.tryRespond({ userText: 'Where is the cat?', history: [] })?.text).toBe('On the sofa.');
    expect(mine.tryRespond({ userText: 'Good morning.', history: [] })).not.toBeNull();
  });

  it('says only what can be spoken, briefly', () => {
    for (const answer of cache.answers) {
      expect(clausesOf(answer).length, answer).toBeGreaterThan(0);
      expect(answer.split(' ').length, answer).toBeLessThanOrEqual(24);
    }
  });

  it('names only intents that there are in its conditions, and each once', () => {
    const ids = everydayReplies.intents.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { when } of everydayReplies.intents) for (const id of when?.after ?? []) expect(ids).toContain(id);
  });

  it('leaves a long text alone', () => {
    expect(cache.match({ userText: `hello ${'very '.repeat(40)}`, history: [] })).toBeNull();
  });
});
