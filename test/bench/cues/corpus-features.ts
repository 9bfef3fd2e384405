import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resampleWhole } from '../../../main/audio/streaming-resampler.ts';
import type { VoiceFeatures } from '../../../main/contract/voice-features.ts';
import { ProsodyMeter } from '../../../main/engines/cues/prosody-meter.ts';
import { loadFlac } from '../../model/listener-speech.ts';
import { seededRandom } from '../../../main/evaluation/seeded-random.ts';
import { emodbClips } from './emodb.ts';
import { filtered, randomMicrophone } from './microphone-response.ts';

/** Features of each clip by its name. */
export type FeatureTable = Record<string, VoiceFeatures>;

/** Of the clips as they are, of each played faster or slower (which makes another, smaller or larger speaker), and through other microphones. */
export interface CorpusFeatures {
  clean: FeatureTable;
  speakers: FeatureTable[];
  microphones: FeatureTable[];
}

const SPEEDS = [0.85, 0.9, 0.95, 1.06, 1.12, 1.18];
const MICROPHONES = 4;

/** Minutes of work, so the result can be kept in a file. The last microphone is for tests: no training should see it. */
export async function corpusFeatures({ file }: { file?: string | undefined }): Promise<CorpusFeatures> {
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as CorpusFeatures;
  const corpus: CorpusFeatures = {
    clean: {},
    speakers: SPEEDS.map(() => ({})),
    microphones: Array.from({ length: MICROPHONES }, () => ({})),
  };
  const random = seededRandom(20_261);
  for (const { name, path } of emodbClips()) {
    const samples = await loadFlac(path);
    corpus.clean[name] = featuresOf(samples);
    for (const [i, speed] of SPEEDS.entries()) {
      const warped = await resampleWhole(samples, { inputRateHz: 16_000 * speed, outputRateHz: 16_000 });
      corpus.speakers[i]![name] = featuresOf(warped);
    }
    for (const table of corpus.microphones) {
      const { filters, gainDb } = randomMicrophone(random);
      table[name] = featuresOf(filtered(samples, filters, gainDb));
    }
  }
  if (file) writeFileSync(file, JSON.stringify(corpus));
  return corpus;
}

export function featuresOf(samples: Float32Array): VoiceFeatures {
  const meter = new ProsodyMeter();
  meter.begin();
  meter.push(samples);
  const measures = meter.measure();
  if (!measures) throw new Error('there is no voice in this clip');
  return measures.features;
}
