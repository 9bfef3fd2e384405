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
});
