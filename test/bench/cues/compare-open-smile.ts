import type { VoiceFeature } from '../../../main/contract/voice-features.ts';
import type { FeatureTable } from './corpus-features.ts';

const F0 = 'F0semitoneFrom27.5Hz_sma3nz_';
const LOUDNESS = 'loudness_sma3_';

/** Our features and openSMILE's names for them; two names: a normalised deviation and the mean to multiply it with. */
const PAIRS: [VoiceFeature, string, string?][] = [
  ['f0Mean', `${F0}amean`],
  ['f0P20', `${F0}percentile20.0`],
  ['f0P50', `${F0}percentile50.0`],
  ['f0P80', `${F0}percentile80.0`],
  ['f0Range', `${F0}pctlrange0-2`],
  ['f0Deviation', `${F0}stddevNorm`, `${F0}amean`],
  ['loudnessMean', `${LOUDNESS}amean`],
  ['loudnessDeviation', `${LOUDNESS}stddevNorm`, `${LOUDNESS}amean`],
  ['loudnessP20', `${LOUDNESS}percentile20.0`],
  ['loudnessP50', `${LOUDNESS}percentile50.0`],
  ['loudnessP80', `${LOUDNESS}percentile80.0`],
  ['loudnessRange', `${LOUDNESS}pctlrange0-2`],
  ['loudnessRisingSlope', `${LOUDNESS}meanRisingSlope`],
  ['loudnessFallingSlope', `${LOUDNESS}meanFallingSlope`],
  ['loudnessPeaksPerSecond', 'loudnessPeaksPerSec'],
  ['voicedSegmentsPerSecond', 'VoicedSegmentsPerSec'],
  ['voicedSegmentSeconds', 'MeanVoicedSegmentLengthSec'],
  ['unvoicedSegmentSeconds', 'MeanUnvoicedSegmentLength'],
  ['flux', 'spectralFlux_sma3_amean'],
  ['mfcc1', 'mfcc1_sma3_amean'],
  ['mfcc2', 'mfcc2_sma3_amean'],
  ['mfcc3', 'mfcc3_sma3_amean'],
  ['mfcc4', 'mfcc4_sma3_amean'],
  ['alphaRatioV', 'alphaRatioV_sma3nz_amean'],
  ['hammarbergV', 'hammarbergIndexV_sma3nz_amean'],
  ['slope0To500V', 'slopeV0-500_sma3nz_amean'],
  ['slope500To1500V', 'slopeV500-1500_sma3nz_amean'],
  ['levelDb', 'equivalentSoundLevel_dBp'],
  ['hnrDb', 'HNRdBACF_sma3nz_amean'],
  ['jitter', 'jitterLocal_sma3nz_amean'],
  ['shimmerDb', 'shimmerLocaldB_sma3nz_amean'],
  ['h1H2Db', 'logRelF0-H1-H2_sma3nz_amean'],
  ['h1A3Db', 'logRelF0-H1-A3_sma3nz_amean'],
  ['f1Hz', 'F1frequency_sma3nz_amean'],
  ['f2Hz', 'F2frequency_sma3nz_amean'],
  ['f3Hz', 'F3frequency_sma3nz_amean'],
];

/** Pearson's correlation over the clips, without its sign: some of openSMILE's measures count the other way round. */
export function correlations(
  ours: FeatureTable,
  theirs: Record<string, Record<string, number>>,
): { feature: VoiceFeature; correlation: number; withoutOne: { clip: string; correlation: number } }[] {
  const names = Object.keys(ours).filter((name) => theirs[name]);
  return PAIRS.map(([feature, name, times]) => {
    const x = names.map((clip) => ours[clip]![feature]);
    const y = names.map((clip) => theirs[clip]![name]! * (times ? theirs[clip]![times]! : 1));
    return { feature, correlation: Math.abs(pearson(x, y)), withoutOne: withoutFurthest(names, x, y) };
  });
}

/** One clip where either side is an octave off moves a correlation much: without the one that lies furthest from the line through all. */
function withoutFurthest(names: readonly string[], x: readonly number[], y: readonly number[]) {
  const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [mx, my] = [mean(x), mean(y)];
  const slope =
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0) / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const residuals = x.map((value, i) => Math.abs(y[i]! - my - slope * (value - mx)));
  const furthest = residuals.indexOf(Math.max(...residuals));
  const rest = (of: readonly number[]): number[] => of.filter((_, i) => i !== furthest);
  return { clip: names[furthest]!, correlation: Math.abs(pearson(rest(x), rest(y))) };
}

function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - mx) * (y[i]! - my);
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}
