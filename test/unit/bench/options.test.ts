import { expect, test } from 'vitest';
import { parseOptions } from '../../bench/options.ts';

test('without options everything is measured, on the built app and the own models', () => {
  expect(parseOptions([])).toMatchObject({
    measures: new Set(['cold', 'idle', 'v2v', 'partials', 'barge', 'hold', 'cascade']),
    maxTurns: Infinity,
    isQuick: false,
    form: 'built',
    endpoint: null,
    jsonFile: undefined,
  });
});

test('some measures are chosen by name', () => {
  expect(parseOptions(['--only', 'v2v, hold', '--turns', '3', '--source'])).toMatchObject({
    measures: new Set(['v2v', 'hold']),
    maxTurns: 3,
    form: 'source',
  });
});

test('what makes no sense is refused in words', () => {
  expect(() => parseOptions(['--only', 'everything'])).toThrow('not "everything"');
  expect(() => parseOptions(['--turns', 'many'])).toThrow('--turns');
  expect(() => parseOptions(['--endpoint', 'http://127.0.0.1:1/v1'])).toThrow('go together');
});

test('help asks for nothing else', () => {
  expect(parseOptions(['--help'])).toBeUndefined();
});
