import { expect, it } from 'vitest';
import type { VoiceCue } from '../../../main/contract/voice-cues.ts';
import { claimWords } from '../../../renderer/lib/voice-words.ts';

const wordsOf = (...claims: VoiceCue['claims']): string[] => claimWords({ claims } as VoiceCue);

it('says who claims it, how sure, and whether that fits what was measured', () => {
  expect(
    wordsOf(
      { engine: 'My model', label: 'angry', confidence: 0.83, agrees: true },
      { engine: 'My model', label: 'low arousal', confidence: 0.5, agrees: false },
      { engine: 'My model', label: 'in the middle', confidence: 0, agrees: null },
      { engine: 'the recogniser', label: 'happy', agrees: null },
    ),
  ).toEqual([
    '“angry”, claimed by My model (sure), which fits what was measured',
    '“low arousal”, claimed by My model (fairly sure), which does not fit what was measured',
    '“in the middle”, claimed by My model (not sure)',
    '“happy”, claimed by the recogniser',
  ]);
});
