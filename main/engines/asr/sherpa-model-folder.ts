import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import { readOnnxMetadata } from '../../platform/models/onnx-outline.ts';

/** The model part of sherpa-onnx's offline configuration, as far as we use it. */
export interface SherpaModelConfig {
  tokens: string;
  modelType?: string;
  transducer?: { encoder: string; decoder: string; joiner: string };
  whisper?: { encoder: string; decoder: string; language: string; task: 'transcribe' };
  senseVoice?: { model: string; language: string; useInverseTextNormalization: 1 };
  nemoCtc?: { model: string };
  zipformerCtc?: { model: string };
  moonshine?: { encoder: string; mergedDecoder: string };
}

export interface SherpaModel {
  config: SherpaModelConfig;
  maxSegmentSeconds: number;
}

type Metadata = Map<string, string>;

/** What sherpa-onnx 1.13.8 reads from each kind of model; it ends its process when one of these is missing. */
const NEEDED = {
  icefallDecoder: ['vocab_size', 'context_size'],
  nemoTransducer: ['vocab_size', 'subsampling_factor', 'normalize_type', 'pred_rnn_layers', 'pred_hidden'],
  nemoCtc: ['vocab_size', 'subsampling_factor', 'normalize_type'],
  whisper: [
    'n_mels',
    'n_text_layer',
    'n_text_ctx',
    'n_text_state',
    'n_vocab',
    'sot',
    'eot',
    'blank_id',
    'translate',
  ].concat(['transcribe', 'is_multilingual', 'no_timestamps', 'no_speech', 'sot_sequence']),
  senseVoice: ['vocab_size', 'lfr_window_size', 'lfr_window_shift', 'normalize_samples', 'with_itn', 'without_itn']
    .concat(['auto', 'zh', 'en', 'ja', 'ko', 'yue'].map((language) => `lang_${language}`))
    .concat(['neg_mean', 'inv_stddev']),
};
const ICEFALL_TRANSDUCERS = ['conformer', 'zipformer', 'zipformer2'];
const NEMO_TRANSDUCERS = ['EncDecHybridRNNTCTCBPEModel', 'EncDecRNNTBPEModel'];
const NEMO_CTC = ['EncDecCTCModelBPE', 'EncDecCTCModel', 'EncDecHybridRNNTCTCBPEModel'];
const LONG_SEGMENT_SECONDS = 20;
/** Through sherpa-onnx 1.13.8 Moonshine gives "" beyond 9.2 s. */
const MOONSHINE_SEGMENT_SECONDS = 9;

/**
 * Finds out what kind of model lies in a folder, by the file names that sherpa-onnx's releases use (int8 files are preferred)
 * and by the files' own metadata, and that it is whole. Nothing is opened by native code here. Throws `model-missing`,
 * `model-corrupt`, or `model-unknown` when the folder holds no kind of model that we know.
 */
export async function inspectSherpaFolder(modelDir: string, language: string): Promise<SherpaModel> {
  const names = await readdir(modelDir).catch((cause: unknown) => {
    throw modelError('model-missing', modelDir, cause);
  });
  const find = (pattern: RegExp) => {
    const found = names.filter((name) => pattern.test(name) && /\.(onnx|ort)$/.test(name)).sort();
    const best = found.find((name) => name.includes('int8')) ?? found[0];
    return best && join(modelDir, best);
  };
  const tokensName = names.find((name) => /(^|-)tokens\.txt$/.test(name));
  if (!tokensName) throw modelError('model-missing', 'tokens.txt');
  const tokens = join(modelDir, tokensName);
  const [encoder, decoder, joiner, model] = [find(/encoder/), find(/decoder/), find(/joiner/), find(/^model/)];
  if (encoder?.endsWith('.ort') && decoder) return moonshine({ tokens, encoder, decoder });
  if (encoder && decoder && joiner) return transducer({ tokens, encoder, decoder, joiner });
  if (encoder && decoder) return whisper({ tokens, encoder, decoder, language });
  if (model) return singleFile({ tokens, model, language });
  throw modelError('model-missing', basename(modelDir));
}

async function transducer(files: { tokens: string; encoder: string; decoder: string; joiner: string }) {
  const { tokens, encoder, decoder, joiner } = files;
  const [encoderFacts, decoderFacts] = [
    await readOnnxMetadata(encoder, 'listen'),
    await readOnnxMetadata(decoder, 'listen'),
  ];
  await readOnnxMetadata(joiner, 'listen');
  const parts = { encoder, decoder, joiner };
  const kind = encoderFacts.get('model_type') ?? '';
  if (NEMO_TRANSDUCERS.includes(kind)) {
    requireFacts(encoderFacts, NEEDED.nemoTransducer, encoder);
    return known({ tokens, modelType: 'nemo_transducer', transducer: parts });
  }
  if (!ICEFALL_TRANSDUCERS.includes(kind)) throw modelError('model-unknown', basename(encoder));
  requireFacts(decoderFacts, NEEDED.icefallDecoder, decoder);
  return known({ tokens, modelType: 'transducer', transducer: parts });
}

async function whisper(files: { tokens: string; encoder: string; decoder: string; language: string }) {
  const { tokens, encoder, decoder, language } = files;
  const facts = await readOnnxMetadata(encoder, 'listen');
  await readOnnxMetadata(decoder, 'listen');
  if (!facts.get('model_type')?.startsWith('whisper')) throw modelError('model-unknown', basename(encoder));
  requireFacts(facts, NEEDED.whisper, encoder);
  return known({ tokens, whisper: { encoder, decoder, language, task: 'transcribe' } });
}

async function singleFile({ tokens, model, language }: { tokens: string; model: string; language: string }) {
  const facts = await readOnnxMetadata(model, 'listen');
  const kind = facts.get('model_type') ?? '';
  if (facts.has('lfr_window_size') && facts.has('with_itn')) {
    requireFacts(facts, NEEDED.senseVoice, model);
    return known({ tokens, senseVoice: { model, language, useInverseTextNormalization: 1 } });
  }
  if (NEMO_CTC.includes(kind)) {
    requireFacts(facts, NEEDED.nemoCtc, model);
    return known({ tokens, nemoCtc: { model } });
  }
  if (kind === 'zipformer2_ctc') return known({ tokens, zipformerCtc: { model } });
  throw modelError('model-unknown', basename(model));
}

function moonshine({ tokens, encoder, decoder }: { tokens: string; encoder: string; decoder: string }): SherpaModel {
  return {
    config: { tokens, moonshine: { encoder, mergedDecoder: decoder } },
    maxSegmentSeconds: MOONSHINE_SEGMENT_SECONDS,
  };
}

const known = (config: SherpaModelConfig): SherpaModel => ({ config, maxSegmentSeconds: LONG_SEGMENT_SECONDS });

function requireFacts(facts: Metadata, keys: readonly string[], path: string): void {
  const missing = keys.filter((key) => !facts.has(key));
  if (missing.length > 0)
    throw modelError('model-corrupt', basename(path), new Error(`no metadata: ${missing.join()}`));
}

function modelError(
  code: 'model-missing' | 'model-corrupt' | 'model-unknown',
  name: string,
  cause?: unknown,
): ParleyError {
  return new ParleyError({
    code,
    stage: 'listen',
    message: `sherpa-onnx model: ${code}`,
    detail: basename(name),
    cause,
  });
}
