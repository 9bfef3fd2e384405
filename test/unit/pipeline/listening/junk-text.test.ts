import { describe, expect, test } from 'vitest';
import { withoutJunk } from '../../../../main/pipeline/listening/junk-text.ts';

describe('junk of recognisers', () => {
  test.each([
    'Thanks for watching!',
    'Thank you so much for watching.',
    '♪ la la ♪',
    '© transcript Emily Beynon',
    '[Music]',
    '...',
  ])('drops %j whatever the VAD says', (text) => expect(withoutJunk(text, 5000)).toBe(''));

  test.each(['You', 'Uh.', "I'm sorry.", 'See you next time.'])('drops %j when hardly any speech was heard', (text) => {
    expect(withoutJunk(text, 200)).toBe('');
    expect(withoutJunk(text, 900)).toBe(text);
  });

  test.each(['No.', 'Yes.', 'Thank you.', 'Thanks for your help.', 'Stop!', 'Are you watching?', '5'])(
    'keeps %j, short as it may be',
    (text) => expect(withoutJunk(text, 150)).toBe(text),
  );

  test.each([
    ['Thank you. Thank you. Thank you.', 500, 'Thank you.'],
    ['What is the capital of Italy? What is the capital of Italy?', 1900, 'What is the capital of Italy?'],
    ['What is the capital of Italy? What is the capital of Italy?', 3200, undefined],
    ['No. No. No.', 900, undefined],
    ['What is that? What is the capital of Italy?', 900, undefined],
    ['It is 3.5. It is', 300, undefined],
  ])('of %j in %d ms keeps what there was time for', (text, speechMs, once) => {
    expect(withoutJunk(text, speechMs)).toBe(once ?? text);
  });
});
