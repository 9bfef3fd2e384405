import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StopMarkers, StreamedText } from '../../../../main/engines/llm/streamed-text.ts';

/** Tokens that are single bytes: the worst tokenizer there can be. */
const byBytes = () => new StreamedText<number>((tokens) => Buffer.from(tokens).toString('utf8'));

function streamBytes(text: string): string[] {
  const stream = byBytes();
  return [...[...Buffer.from(text)].map((byte) => stream.push(byte)), stream.end()].filter((piece) => piece !== '');
}

describe('text streamed from tokens', () => {
  test('a character that spans tokens comes whole', () => {
    expect(streamBytes('né 🙂!')).toEqual(['n', 'é', ' ', '🙂', '!']);
  });

  test('the pieces make up the text, for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => streamBytes(text).join('') === text));
  });

  test('a character that is never finished is dropped at the end', () => {
    const stream = byBytes();
    const pieces = [...Buffer.from('ok🙂')].slice(0, -1).map((byte) => stream.push(byte));
    expect([...pieces, stream.end()].join('')).toBe('ok');
  });

  test('the tokens before are given to the detokeniser, for its spaces', () => {
    const stream = new StreamedText<string>((tokens, before) =>
      tokens.map((t) => (before.length ? ` ${t}` : t)).join(''),
    );
    expect(['the', 'big', 'sea'].map((token) => stream.push(token))).toEqual(['the', ' big', ' sea']);
  });
});

describe('end markers spelled out as text', () => {
  const markers = ['<|im_end|>', '<|im_start|>'];

  test('text ends before a marker, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 30, maxLength: 30 }), (sizes) => {
        const stop = new StopMarkers(markers);
        let rest = 'So be it.<|im_end|>\nuser';
        let said = '';
        for (const size of sizes) {
          said += stop.push(rest.slice(0, size));
          rest = rest.slice(size);
        }
        said += stop.end();
        expect(said).toBe('So be it.');
        expect(stop.stopped).toBe(true);
      }),
    );
  });

  test('what only looked like the beginning of a marker is said', () => {
    const stop = new StopMarkers(markers);
    expect([stop.push('3 <'), stop.push('| 4'), stop.push(' <|im_'), stop.end()]).toEqual(['3 ', '<| 4', ' ', '<|im_']);
    expect(stop.stopped).toBe(false);
  });

  test('a marker as short as a line break is ordinary text', () => {
    const stop = new StopMarkers(['\n']);
    expect(stop.push('one\ntwo')).toBe('one\ntwo');
  });
});
