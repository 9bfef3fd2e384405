import { describe, expect, test } from 'vitest';
import { readTagger } from '../../../../main/engines/tts/tagger-weights.ts';

const weights = {
  'w=he': { PRP: 2, VB: -0.5 },
  'w="': { "''": 1 },
  'w=\\': { SYM: 1 },
  'w={': { '-LRB-': 3 },
  'w=é': { FW: 1 },
};
const data = { tags: ['PRP'], tagdict: { the: 'DT' }, vocab: ['he'], weights };

describe('the weights of the tagger', () => {
  test('are those that parsing the whole file gives, whatever the features are called', () => {
    const { weights: found, ...rest } = readTagger(JSON.stringify(data));
    expect(rest).toEqual({ tags: data.tags, tagdict: data.tagdict, vocab: data.vocab });
    for (const [feature, table] of Object.entries(weights)) expect(found.of(feature), feature).toEqual(table);
    expect(found.of('w=she')).toBeUndefined();
    expect(found.of('constructor')).toBeUndefined();
  });

  test.each(['{}', '{"tags":[]}', JSON.stringify(data).slice(0, -9)])(
    'a file that is not whole is refused: %j',
    (json) => {
      expect(() => readTagger(json)).toThrow(SyntaxError);
    },
  );
});
