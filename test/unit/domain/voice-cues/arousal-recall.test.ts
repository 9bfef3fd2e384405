import { expect, it } from 'vitest';
import { knownFeatures, openSmileFeatures } from '../../../bench/cues/known-features.ts';
import { arousalRecall, hearInOrder } from '../../../bench/cues/evaluate.ts';
import { correlations } from '../../../bench/cues/compare-open-smile.ts';
import { labelOf } from '../../../bench/cues/emodb.ts';
import { trainModel } from '../../../bench/cues/train-model.ts';

// `npm run bench:cues` in small: no audio, two speakers left out, one small network.
it('high and low arousal of speakers left out are told apart by what was heard of them before', () => {
  const clean = knownFeatures();
  const names = Object.keys(clean);
  const speakers = [...new Set(names.map((name) => labelOf(name).speaker))];
  const left = ['03', '12'];
  const model = trainModel(
    { clean, speakers: [], microphones: [] },
    { speakers: speakers.filter((speaker) => !left.includes(speaker)), networks: 1, centres: 0, hidden: 8 },
  );
  const told = left.flatMap((speaker) => {
    const own = names.filter((name) => labelOf(name).speaker === speaker);
    return hearInOrder(model, { table: clean, names: own, seed: 1 });
  });
  expect(arousalRecall(told.filter(({ heard }) => heard >= 6))).toBeGreaterThan(0.85);
});

it('pitch agrees with openSMILE over all clips', () => {
  const found = correlations(knownFeatures(), openSmileFeatures());
  for (const { feature, correlation } of found.filter(({ feature }) =>
    ['f0Mean', 'f0P50', 'mfcc2'].includes(feature),
  )) {
    expect(correlation, feature).toBeGreaterThan(0.97);
  }
});
