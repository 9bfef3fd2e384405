import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOnnxMetadata } from '../../../../main/platform/models/onnx-outline.ts';
import { inspectSherpaFolder } from '../../../../main/engines/asr/sherpa-model-folder.ts';

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const field = (number: number, body: Buffer) =>
  Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(body.length)]), body]);

/** The outside of an ONNX file: version, a graph of some bytes, metadata. */
function onnxFile(metadata: Record<string, string>): Buffer {
  const entries = Object.entries(metadata).map(([key, value]) =>
    field(14, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))])),
  );
  return Buffer.concat([Buffer.of(8, 8), field(7, Buffer.alloc(5000, 1)), ...entries]);
}

const all = (keys: string) => Object.fromEntries(keys.split(' ').map((key) => [key, '1']));
const NEMO = {
  model_type: 'EncDecRNNTBPEModel',
  ...all('vocab_size subsampling_factor normalize_type pred_rnn_layers pred_hidden'),
};
const WHISPER = {
  model_type: 'whisper-tiny.en',
  ...all('n_mels n_text_layer n_text_ctx n_text_state n_vocab sot eot blank_id translate transcribe is_multilingual'),
  ...all('no_timestamps no_speech sot_sequence'),
};
const SENSE_VOICE = {
  ...all('vocab_size lfr_window_size lfr_window_shift normalize_samples with_itn without_itn neg_mean inv_stddev'),
  ...all('lang_auto lang_zh lang_en lang_ja lang_ko lang_yue'),
};

describe('a folder with a model for sherpa-onnx', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-sherpa-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const put = (name: string, content: Buffer | string) => writeFile(join(folder, name), content);
  const inspect = () => inspectSherpaFolder(folder, 'en');

  test('is known as a Parakeet transducer, whose int8 files are preferred', async () => {
    await put('tokens.txt', 'a 0');
    for (const name of ['encoder.onnx', 'encoder.int8.onnx', 'decoder.int8.onnx', 'joiner.int8.onnx'])
      await put(name, onnxFile(NEMO));
    const { config } = await inspect();
    expect(config.modelType).toBe('nemo_transducer');
    expect(config.transducer?.encoder).toBe(join(folder, 'encoder.int8.onnx'));
  });

  test('is known as a Zipformer transducer, whose decoder carries the facts', async () => {
    await put('tokens.txt', 'a 0');
    await put('encoder-epoch-99-avg-1.onnx', onnxFile({ model_type: 'zipformer2' }));
    await put('joiner-epoch-99-avg-1.onnx', onnxFile({}));
    await put('decoder-epoch-99-avg-1.onnx', onnxFile({ vocab_size: '500' }));
    await expect(inspect()).rejects.toMatchObject({ code: 'model-corrupt', detail: 'decoder-epoch-99-avg-1.onnx' });
    await put('decoder-epoch-99-avg-1.onnx', onnxFile({ vocab_size: '500', context_size: '2' }));
    expect((await inspect()).config.modelType).toBe('transducer');
  });

  test('is known as Whisper, SenseVoice and Parakeet CTC', async () => {
    await put('tiny.en-tokens.txt', 'a 0');
    await put('tiny.en-encoder.onnx', onnxFile(WHISPER));
    await put('tiny.en-decoder.onnx', onnxFile({}));
    expect((await inspect()).config.whisper).toMatchObject({ language: 'en', task: 'transcribe' });
    await rm(join(folder, 'tiny.en-encoder.onnx'));
    await put('model.int8.onnx', onnxFile(SENSE_VOICE));
    expect((await inspect()).config.senseVoice?.model).toBe(join(folder, 'model.int8.onnx'));
    await put(
      'model.int8.onnx',
      onnxFile({ model_type: 'EncDecCTCModelBPE', ...all('vocab_size subsampling_factor normalize_type') }),
    );
    expect((await inspect()).config.nemoCtc?.model).toBe(join(folder, 'model.int8.onnx'));
  });

  test('is refused when a fact is missing that sherpa-onnx would end its process over', async () => {
    await put('tokens.txt', 'a 0');
    await put('model.onnx', onnxFile({ ...SENSE_VOICE, model_type: 'sense_voice_ctc' }));
    await inspect();
    const { neg_mean: _gone, ...less } = SENSE_VOICE as Record<string, string>;
    await put('model.onnx', onnxFile(less));
    await expect(inspect()).rejects.toMatchObject({ code: 'model-corrupt', stage: 'listen', detail: 'model.onnx' });
  });

  test('is refused without tokens, without models, of an unknown kind, and when it is not there', async () => {
    await put('model.onnx', onnxFile(SENSE_VOICE));
    await expect(inspect()).rejects.toMatchObject({ code: 'model-missing', detail: 'tokens.txt' });
    await put('tokens.txt', 'a 0');
    await put('model.onnx', onnxFile({ model_type: 'something_new' }));
    await expect(inspect()).rejects.toMatchObject({ code: 'model-unknown' });
    await rm(join(folder, 'model.onnx'));
    await expect(inspect()).rejects.toMatchObject({ code: 'model-missing' });
    await expect(inspectSherpaFolder(join(folder, 'nowhere'), 'en')).rejects.toMatchObject({ code: 'model-missing' });
  });

  test.each([1, 2, 100, 5000, 5060])('a model cut after %i bytes is found out', async (bytes) => {
    const whole = onnxFile(NEMO);
    await put('model.onnx', whole.subarray(0, bytes));
    await expect(readOnnxMetadata(join(folder, 'model.onnx'), 'listen')).rejects.toMatchObject({
      code: 'model-corrupt',
    });
    await put('model.onnx', whole);
    expect((await readOnnxMetadata(join(folder, 'model.onnx'), 'listen')).get('model_type')).toBe('EncDecRNNTBPEModel');
  });

  test('a text, an empty file and noise are no models', async () => {
    for (const content of ['<html>not found</html>', '', Buffer.alloc(400, 0xff)]) {
      await put('model.onnx', content);
      await expect(readOnnxMetadata(join(folder, 'model.onnx'), 'listen')).rejects.toMatchObject({
        code: 'model-corrupt',
      });
    }
  });
});
