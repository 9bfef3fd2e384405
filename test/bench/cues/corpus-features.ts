import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resampleWhole } from '../../../main/audio/streaming-resampler.ts';
import type { VoiceFeatures } from '../../../main/contract/voice-features.ts';
import { Campplus } from '../../../main/engines/cues/campplus.ts';
import { ProsodyMeter } from '../../../main/engines/cues/prosody-meter.ts';
import { FULL_SAMPLE_SECONDS, SAMPLE_SECONDS } from '../../../main/domain/voice-cues/speaker-likeness.ts';
import { appFiles } from '../../../main/platform/app-files.ts';
import { loadFlac } from '../../model/listener-speech.ts';
import { seededRandom } from '../../../main/evaluation/seeded-random.ts';
import { emodbClips } from './emodb.ts';
import { filtered, randomMicrophone } from './microphone-response.ts';

/** Features of each clip by its name. */
export type FeatureTable = Record<string, VoiceFeatures>;

/** What the speaker encoder makes of each clip. */
type VoiceTable = Record<string, number[]>;

/** Of as many seconds of each clip as is sampled of turns (SAMPLE_SECONDS). */
export type CorpusVoices = { seconds: number; of: VoiceTable }[];

/** Of the clips as they are, of each played faster or slower (which makes another, smaller or larger speaker), and through other microphones. */
export interface CorpusFeatures {
  clean: FeatureTable;
  speakers: FeatureTable[];
  microphones: FeatureTable[];
  /** Of the clips as they are. */
  voices: CorpusVoices;
}

const SPEEDS = [0.85, 0.9, 0.95, 1.06, 1.12, 1.18];
const MICROPHONES = 4;
export const SPEAKER_MODEL_FILE = appFiles(join(import.meta.dirname, '../../../main')).speakerModelFile;
const PRE_ROLL_SAMPLES = 0.05 * 16_000;
/** A clip's speech begins where it is this loud. */
const LOUD_SHARE = 0.1;

/** Minutes of work, so the result can be kept in a file. The last microphone is for tests: no training should see it. */
export async function corpusFeatures({ file }: { file?: string | undefined }): Promise<CorpusFeatures> {
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as CorpusFeatures;
  const corpus: CorpusFeatures = {
    clean: {},
    speakers: SPEEDS.map(() => ({})),
    microphones: Array.from({ length: MICROPHONES }, () => ({})),
    voices: await corpusVoices(),
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

export async function corpusVoices(): Promise<CorpusVoices> {
  const encoder = await Campplus.open({ modelPath: SPEAKER_MODEL_FILE });
  const voices: CorpusVoices = SAMPLE_SECONDS.map((seconds) => ({ seconds, of: {} }));
  for (const { name, path } of emodbClips()) {
    const samples = await loadFlac(path);
    for (const { seconds, of } of voices) of[name] = await encoder.embed(speakerSample(samples, { seconds }));
  }
  await encoder.close();
  return voices;
}

export function fullVoices(voices: CorpusVoices): VoiceTable {
  return voices.find(({ seconds }) => seconds === FULL_SAMPLE_SECONDS)!.of;
}

/** As the listener samples a voice: from its beginning. */
export function speakerSample(samples: Float32Array, { seconds = FULL_SAMPLE_SECONDS } = {}): Float32Array {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const begins = samples.findIndex((sample) => Math.abs(sample) > LOUD_SHARE * loudest);
  const from = Math.max(0, begins - PRE_ROLL_SAMPLES);
  return samples.subarray(from, from + seconds * 16_000);
}

export function featuresOf(samples: Float32Array): VoiceFeatures {
  const meter = new ProsodyMeter();
  meter.begin();
  meter.push(samples);
  const measures = meter.measure();
  if (!measures) throw new Error('there is no voice in this clip');
  return measures.features;
}
