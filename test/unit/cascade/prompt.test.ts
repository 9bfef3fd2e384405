import { describe, expect, it } from 'vitest';
import { promptMessages } from '../../../main/cascade/prompt.ts';

describe('prompt', () => {
  it('alternates roles and ends with the user, and an unanswered turn joins the next', () => {
    const messages = promptMessages({
      history: [
        { user: 'hello', heard: 'Hi.' },
        { user: 'wait', heard: '' },
        { user: 'what about tea', heard: 'Tea is' },
      ],
      userText: 'and coffee?',
    });
    expect(messages.slice(1)).toEqual([
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'Hi.' },
      { role: 'user', content: 'wait\nwhat about tea' },
      { role: 'assistant', content: 'Tea is' },
      { role: 'user', content: 'and coffee?' },
    ]);
    expect(messages[0]!.role).toBe('system');
  });

  it('begins with the same messages whatever is said next, so that they are computed once', () => {
    const history = [{ user: 'hello', heard: 'Hi.' }];
    const ahead = promptMessages({ history, userText: '' });
    const asked = promptMessages({ history, userText: 'what time is it' });
    expect(asked.slice(0, -1)).toEqual(ahead.slice(0, -1));
  });
});
