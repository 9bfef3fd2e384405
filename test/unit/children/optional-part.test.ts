import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ParleyError } from '../../../main/contract/errors.ts';
import { OptionalPart } from '../../../main/children/optional-part.ts';
import { Campplus } from '../../../main/engines/cues/campplus.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'parley-part-'))));
afterEach(() => rm(folder, { recursive: true }));

/** The encoder of `modelPath` as the listening uses it, asked until it has decided. */
async function asked(modelPath: string) {
  const missing: ParleyError[] = [];
  const part = new OptionalPart({
    stage: 'listen',
    open: () => Campplus.open({ modelPath }),
    onMissing: (error) => missing.push(error),
  });
  expect(part.get()).toBeNull();
  await part.close();
  return { part, missing, codes: missing.map(({ code, detail }) => ({ code, detail })) };
}

it('a speaker encoder that is not there is said once, and nothing throws', async () => {
  const { part, missing, codes } = await asked(join(folder, 'nowhere.onnx'));
  expect(codes).toEqual([{ code: 'model-missing', detail: 'nowhere.onnx' }]);
  expect(part.get()).toBeNull();
  await part.close();
  expect(missing).toHaveLength(1);
});

it('a damaged one is said to be', async () => {
  const modelPath = join(folder, 'damaged.onnx');
  await writeFile(
    modelPath,
    Uint8Array.from({ length: 4000 }, (_, i) => (i === 0 ? 8 : i % 251)),
  );
  const { part, codes } = await asked(modelPath);
  expect(codes).toEqual([{ code: 'model-corrupt', detail: 'damaged.onnx' }]);
  expect(part.get()).toBeNull();
});

it('one that can be opened is there from then on, and closed with it', async () => {
  let closed = 0;
  const encoder = { close: async () => void closed++ };
  const part = new OptionalPart({ stage: 'listen', open: async () => encoder, onMissing: () => expect.fail() });
  expect(part.get()).toBeNull();
  await Promise.resolve();
  await Promise.resolve();
  expect(part.get()).toBe(encoder);
  await part.close();
  expect(closed).toBe(1);
});
