import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const nativeModels = join(import.meta.dirname, '../../../../native-models');
const text = (...path: string[]): string => readFileSync(join(nativeModels, ...path), 'utf8');

it('the committed weights are the file that their README and notice tell of', () => {
  const sha256 = createHash('sha256')
    .update(readFileSync(join(nativeModels, 'campplus/campplus-int8.onnx')))
    .digest('hex');
  expect(text('campplus/README.md')).toContain(sha256);
  expect(text('licences/campplus-notice.txt')).toContain('see apache-2.0.txt');
  expect(text('licences/apache-2.0.txt')).toContain('Version 2.0, January 2004');
});
