import { FrameAnalysis } from '../../../main/engines/cues/frame-analysis.ts';
import { FRAME_SAMPLES, HOP_SAMPLES } from '../../../main/engines/cues/frame-spectra.ts';
import { measureUtterance } from '../../../main/engines/cues/functionals.ts';
import { loadFlac } from '../../model/listener-speech.ts';
import { correlations } from './compare-open-smile.ts';
import type { FeatureTable } from './corpus-features.ts';
import { emodbClips } from './emodb.ts';
import { openSmileFeatures } from './known-features.ts';

/** Over the whole clip, silence at its ends included, as openSMILE takes it. */
export async function compareWithOpenSmile(): Promise<string[]> {
  const table: FeatureTable = {};
  for (const { name, path } of emodbClips()) {
    const samples = await loadFlac(path);
    const analysis = new FrameAnalysis();
    const frames = [];
    for (let from = 0; from + FRAME_SAMPLES <= samples.length; from += HOP_SAMPLES) {
      frames.push(analysis.measure(samples.subarray(from, from + FRAME_SAMPLES)));
    }
    table[name] = measureUtterance(frames, { marginFrames: Infinity })!.features;
  }
  return correlations(table, openSmileFeatures()).map(
    ({ feature, correlation, withoutOne }) =>
      `${correlation.toFixed(3)}  ${feature}${withoutOne.correlation - correlation > 0.05 ? ` (without ${withoutOne.clip}: ${withoutOne.correlation.toFixed(3)})` : ''}`,
  );
}
