import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeOnnxMetadata, readOnnxOutline } from '../../../../main/platform/models/onnx-outline.ts';
import { loadPiperVoice } from '../../../../main/engines/tts/sherpa-piper.ts';
import { checkEspeakData, prepareSherpaModel } from '../../../../main/engines/tts/sherpa-voice-files.ts';

/** ModelProto { ir_version: 8, graph: { input: [{ name }] } }, by hand. */
function onnxModel(...inputs: string[]): Buffer {
  const delimited = (number: number, payload: Buffer): Buffer =>
    Buffer.concat([Buffer.from([number * 8 + 2, payload.length]), payload]);
  const graph = Buffer.concat(inputs.map((name) => delimited(11, delimited(1, Buffer.from(name)))));
  return Buffer.concat([Buffer.from([8, 8]), delimited(7, graph)]);
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-voice-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const source = (modelPath: string) => ({
  modelPath,
  cacheFolder: join(folder, 'cache'),
  metadata: { model_type: 'vits', sample_rate: '22050' },
  requiredInputs: ['input'],
  tokens: [['_', 0] as const, [' ', 3] as const],
});

describe('the outline of an ONNX file', () => {
  test('names its inputs and its metadata, appended metadata too', async () => {
    const path = join(folder, 'm.onnx');
    await writeFile(
      path,
      Buffer.concat([onnxModel('input', 'scales'), encodeOnnxMetadata({ voice: 'x'.repeat(300) })]),
    );
    const outline = await readOnnxOutline(path, 'speak');
    expect(outline.inputs).toEqual(['input', 'scales']);
    expect(outline.metadata.get('voice')).toBe('x'.repeat(300));
  });

  test('a file that is cut off anywhere is corrupt, and so are an error page and zeros', async () => {
    const path = join(folder, 'm.onnx');
    const whole = onnxModel('input', 'scales');
    for (let length = 3; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      await expect(readOnnxOutline(path, 'speak')).rejects.toMatchObject({ code: 'model-corrupt', detail: 'm.onnx' });
    }
    for (const bytes of ['', '<html>not found</html>', Buffer.alloc(1000)]) {
      await writeFile(path, bytes);
      await expect(readOnnxOutline(path, 'speak')).rejects.toMatchObject({ code: 'model-corrupt' });
    }
  });

  test('a file that is not there is missing', async () => {
    await expect(readOnnxOutline(join(folder, 'none.onnx'), 'speak')).rejects.toMatchObject({ code: 'model-missing' });
  });
});

describe('the copy for sherpa-onnx', () => {
  test('carries the metadata and the tokens; the installed model is not touched', async () => {
    const modelPath = join(folder, 'voice.onnx');
    await writeFile(modelPath, onnxModel('input'));
    const files = await prepareSherpaModel(source(modelPath));
    expect((await readOnnxOutline(files.modelPath, 'speak')).metadata.get('sample_rate')).toBe('22050');
    expect(await readFile(files.tokensPath, 'utf8')).toBe('_ 0\n  3\n');
    expect(await readFile(modelPath)).toEqual(onnxModel('input'));
  });

  test('is used again, and made anew for a changed model or when it is not whole', async () => {
    const modelPath = join(folder, 'voice.onnx');
    await writeFile(modelPath, onnxModel('input'));
    const first = await prepareSherpaModel(source(modelPath));
    expect(await prepareSherpaModel(source(modelPath))).toEqual(first);
    await writeFile(first.modelPath, 'half');
    await prepareSherpaModel(source(modelPath));
    expect((await readOnnxOutline(first.modelPath, 'speak')).inputs).toEqual(['input']);
    await utimes(modelPath, new Date(), new Date(1_000_000));
    expect(await prepareSherpaModel(source(modelPath))).not.toEqual(first);
    expect((await readdir(join(folder, 'cache'))).some((name) => name.endsWith('unfinished'))).toBe(false);
  });

  test('is not made of a model of another kind', async () => {
    const modelPath = join(folder, 'voice.onnx');
    await writeFile(modelPath, onnxModel('tokens', 'style'));
    await expect(prepareSherpaModel(source(modelPath))).rejects.toMatchObject({ code: 'model-corrupt' });
  });
});

describe('a Piper voice', () => {
  const options = () => ({ folder, espeakDataFolder: join(folder, 'espeak'), cacheFolder: join(folder, 'cache') });

  test('without its files is refused before sherpa-onnx sees anything, naming what is missing', async () => {
    await expect(loadPiperVoice(options())).rejects.toMatchObject({ code: 'model-missing' });
    await writeFile(join(folder, 'v.onnx'), onnxModel('input', 'input_lengths', 'scales'));
    await expect(loadPiperVoice(options())).rejects.toMatchObject({ code: 'model-missing', detail: 'v.onnx.json' });
    await writeFile(join(folder, 'v.onnx.json'), '{"audio":{}}');
    await expect(loadPiperVoice(options())).rejects.toMatchObject({ code: 'model-corrupt', detail: 'v.onnx.json' });
    await writeFile(join(folder, 'v.onnx.json'), '{"audio":{');
    await expect(loadPiperVoice(options())).rejects.toMatchObject({ code: 'model-corrupt', detail: 'v.onnx.json' });
  });

  test('without espeak-ng-data is refused, naming the file', async () => {
    await mkdir(join(folder, 'espeak'));
    await writeFile(join(folder, 'espeak', 'phontab'), 'x');
    await expect(checkEspeakData(join(folder, 'espeak'))).rejects.toMatchObject({
      code: 'model-missing',
      detail: 'phonindex',
    });
  });
});
