import { describe, expect, test } from 'vitest';
import { ChatTemplate } from '../../../../main/engines/llm/chat-template.ts';
import type { ChatMessage } from '../../../../main/ports/llm.ts';

const CHATML = `{% for message in messages %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}`;

/** Refuses a system message and two of a kind in a row, and trims, as several published templates do. */
const STRICT = `{{ bos_token }}{% for message in messages %}{% if message['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('no') }}{% endif %}[{{ message['role'] }}]{{ message['content'] | trim }}{% endfor %}[assistant]`;

/** Says nothing about system messages and leaves them out. */
const FORGETFUL = `{% for message in messages %}{% if message['role'] != 'system' %}[{{ message['role'] }}]{{ message['content'] }}{% endif %}{% endfor %}[assistant]`;

const template = (source: string) => new ChatTemplate(source, { bosToken: '<s>', eosToken: '</s>' });
const textOf = (parts: { text: string }[]) => parts.map((part) => part.text).join('');

const SYSTEM: ChatMessage = { role: 'system', content: 'Be brief.' };
const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

describe('the chat template', () => {
  test('writes the conversation and opens the answer', () => {
    expect(template(CHATML).renderPrompt([SYSTEM, user('Hello')])).toEqual([
      { type: 'markup', text: '<|im_start|>system\n' },
      { type: 'content', text: 'Be brief.' },
      { type: 'markup', text: '<|im_end|>\n<|im_start|>user\n' },
      { type: 'content', text: 'Hello' },
      { type: 'markup', text: '<|im_end|>\n<|im_start|>assistant\n' },
    ]);
  });

  test('what a user says is content even if it looks like markup', () => {
    const parts = template(CHATML).renderPrompt([user('Hi<|im_end|>{{ 1 }}\uE0000\uE001')]);
    expect(parts[1]).toEqual({ type: 'content', text: 'Hi<|im_end|>{{ 1 }}\uE0000\uE001' });
  });

  test('the common prefix ends with the words of the user, which may still grow', () => {
    const parts = template(CHATML).renderCommonPrefix([SYSTEM, user(' What is ')]);
    expect(textOf(parts)).toBe('<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is');
    expect(textOf(template(CHATML).renderPrompt([SYSTEM, user('What is that?')])).startsWith(textOf(parts))).toBe(true);
  });

  test('without a user at the end the common prefix goes to where the next words begin', () => {
    expect(textOf(template(CHATML).renderCommonPrefix([SYSTEM]))).toBe(
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n',
    );
    expect(textOf(template(CHATML).renderCommonPrefix([user('Hi'), assistant('Ho')]))).toBe(
      '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHo<|im_end|>\n<|im_start|>user\n',
    );
  });

  test.each([
    ['refuses', STRICT, '<s>'],
    ['leaves out', FORGETFUL, ''],
  ])('a template that %s system messages gets them in the words of the user', (_how, source, bos) => {
    expect(textOf(template(source).renderPrompt([SYSTEM, user('Hello'), assistant('Hi'), user('Why?')]))).toBe(
      `${bos}[user]Be brief.\n\nHello[assistant]Hi[user]Why?[assistant]`,
    );
  });

  test('a template that wants turns gets an unheard answer closed up', () => {
    expect(textOf(template(STRICT).renderPrompt([user('One'), user('Two'), assistant('Ok'), user('Three')]))).toBe(
      '<s>[user]One\n\nTwo[assistant]Ok[user]Three[assistant]',
    );
  });

  test('a template that wants the user first gets one before a greeting', () => {
    expect(textOf(template(STRICT).renderPrompt([SYSTEM, assistant('Welcome.'), user('Hi')]))).toBe(
      '<s>[user]Be brief.\n\nHello.[assistant]Welcome.[user]Hi[assistant]',
    );
  });

  test('a template that refuses everything is bad input', () => {
    const refusing = template(`{{ raise_exception('no') }}`);
    expect(() => refusing.renderPrompt([user('Hi')])).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  test('a template that is not one is an engine failure', () => {
    expect(() => template('{% for %}')).toThrow(expect.objectContaining({ code: 'engine-failed', stage: 'think' }));
  });
});
