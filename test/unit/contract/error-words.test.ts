import { describe, expect, it } from 'vitest';
import { problemOf, wordsFor } from '../../../main/contract/error-words.ts';
import { errorCodeSchema, ParleyError, stageSchema } from '../../../main/contract/errors.ts';
import { problemSchema } from '../../../main/contract/state.ts';

describe('error words', () => {
  it('has whole sentences for every code at every stage', () => {
    for (const code of errorCodeSchema.options) {
      for (const stage of stageSchema.options) {
        const words = wordsFor({ code, stage, message: '', retryable: false });
        for (const text of [words.title, words.nextStep]) {
          expect(text, `${code} at ${stage}`).toMatch(/^[A-Z].*[.]$/);
          expect(text, `${code} at ${stage}`).not.toMatch(/undefined|null|\(\)| {2}|\.\./);
        }
      }
    }
  });

  it('names the thing that it happened to', () => {
    const words = wordsFor({
      code: 'device-lost',
      stage: 'audio',
      message: '',
      retryable: true,
      detail: 'USB Headset',
    });
    expect(words.title).toContain('USB Headset');
  });

  it('says which part of Parley failed', () => {
    const title = (stage: 'listen' | 'speak') =>
      wordsFor({ code: 'child-exited', stage, message: '', retryable: true }).title;
    expect(title('listen')).toContain('Speech recognition');
    expect(title('speak')).toContain('voice');
  });

  it('does not show the message for engineers', () => {
    const words = wordsFor({ code: 'internal', stage: 'app', message: 'ENOENT /home/x', retryable: false });
    expect(JSON.stringify(words)).not.toContain('ENOENT');
  });
});

describe('problemOf', () => {
  it('makes a valid problem from an error of ours, without its class', () => {
    const error = new ParleyError({ code: 'model-missing', stage: 'think', detail: 'tiny', cause: new Error('x') });
    const problem = problemOf(error);
    expect(problemSchema.parse(structuredClone(problem))).toEqual(problem);
    expect(problem.error).toEqual(error.serialise());
  });

  it('gives the same trouble the same id and different troubles different ones', () => {
    const missing = (detail: string) =>
      problemOf(new ParleyError({ code: 'model-missing', stage: 'think', detail })).id;
    expect(missing('a')).toBe(missing('a'));
    expect(missing('a')).not.toBe(missing('b'));
    expect(problemOf(new ParleyError({ code: 'child-exited', stage: 'think' })).id).not.toBe(
      problemOf(new ParleyError({ code: 'child-exited', stage: 'speak' })).id,
    );
  });
});
