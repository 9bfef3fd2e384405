import { expect, it } from 'vitest';
import { emotionWord } from '../../../../main/engines/asr/emotion-token.ts';

it.each([
  ['<|HAPPY|>', 'happy'],
  ['<|NEUTRAL|>', 'neutral'],
  ['<|EMO_UNKNOWN|>', undefined],
  ['<|unk|>', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s is %s', (token, word) => {
  expect(emotionWord(token)).toBe(word);
});
