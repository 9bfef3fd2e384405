import { expect, it } from 'vitest';
import { judgedClaims } from '../../../../main/domain/voice-cues/claims.ts';
import type { VoiceWord } from '../../../../main/contract/voice-cues.ts';

it.each<[string, VoiceWord | null, boolean | null]>([
  ['happy', 'animated', true],
  ['happy', 'tense', false],
  ['angry', 'raised', true],
  ['sad', 'tense', false],
  ['neutral', 'calm', true],
  // Only one side is said, and that fits.
  ['disgusted', 'low', true],
  ['disgusted', 'calm', null],
  ['high arousal, unpleasant', 'tense', true],
  ['low arousal, unpleasant', 'tense', false],
  ['in the middle', 'calm', null],
  // Nothing to compare with.
  ['happy', 'unclear', null],
  ['happy', null, null],
  ['constructor', 'calm', null],
])('“%s” beside a voice that sounds %s: agrees %s', (label, word, agrees) => {
  expect(judgedClaims([{ engine: 'X', label }], word)).toEqual([{ engine: 'X', label, agrees }]);
});
