// npm run train:cues [-- --features FILE]: learns the voice model from EmoDB and writes it, with the features that the bench needs without audio.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { VoiceFeatures } from '../../../main/contract/voice-features.ts';
import { corpusFeatures, type FeatureTable } from './corpus-features.ts';
import { EMODB_DIR, hasEmodb } from './emodb.ts';
import { fitModel, ModelShelf } from './fit-model.ts';
import { FEATURES_FILE, trainingData } from './known-features.ts';

const MODEL_FILE = join(import.meta.dirname, '../../../main/domain/voice-cues/trained-model.json');

/** Features by name in the fixture: a list of names once, then a row of numbers for each clip. */
function asRows(table: FeatureTable): { features: string[]; clips: Record<string, number[]> } {
  const features = Object.keys(Object.values(table)[0]!) as (keyof VoiceFeatures)[];
  const row = (of: VoiceFeatures): number[] => features.map((name) => Number(of[name].toPrecision(5)));
  return { features, clips: Object.fromEntries(Object.entries(table).map(([name, of]) => [name, row(of)])) };
}

const { values: options } = parseArgs({ options: { features: { type: 'string' } } });
if (!hasEmodb()) throw new Error(`EmoDB is not in ${EMODB_DIR}; PARLEY_TEST_DATA names the folder above it`);
const corpus = await corpusFeatures({ file: options.features });
const shelf = new ModelShelf(trainingData(corpus));
const model = fitModel(shelf, []);
writeFileSync(MODEL_FILE, `${JSON.stringify(model)}\n`);
writeFileSync(FEATURES_FILE, `${JSON.stringify(asRows(corpus.clean))}\n`);
const { calibration, threshold, strangeDistance, speaker } = model;
const limits = { farDistance: speaker.farDistance, likeness: speaker.voice?.least };
console.log(JSON.stringify({ calibration, threshold, strangeDistance, ...limits }, undefined, 2));
