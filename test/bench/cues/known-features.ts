import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CorpusFeatures, FeatureTable } from './corpus-features.ts';
import type { TrainingData } from './train-model.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/voice-cues');
/** Ours and openSMILE's values for each clip of EmoDB: numbers, no audio. */
export const FEATURES_FILE = join(FIXTURES, 'emodb-features.json');
const OPENSMILE_FILE = join(FIXTURES, 'emodb-opensmile.json');

interface Rows {
  features: string[];
  clips: Record<string, number[]>;
}

export function knownFeatures(): FeatureTable {
  return asTable(FEATURES_FILE) as FeatureTable;
}

/** eGeMAPSv02 functionals by openSMILE 3.0.2 (opensmile 2.6.0 for Python), by its names. */
export function openSmileFeatures(): Record<string, Record<string, number>> {
  return asTable(OPENSMILE_FILE);
}

function asTable(file: string): Record<string, Record<string, number>> {
  const { features, clips } = JSON.parse(readFileSync(file, 'utf8')) as Rows;
  const named = (row: number[]) => Object.fromEntries(features.map((name, i) => [name, row[i]!]));
  return Object.fromEntries(Object.entries(clips).map(([name, row]) => [name, named(row)]));
}

/** All but the last microphone, which is for tests. */
export function trainingData(corpus: CorpusFeatures): TrainingData {
  return { ...corpus, microphones: corpus.microphones.slice(0, -1) };
}
