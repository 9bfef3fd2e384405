import type { VoiceMeasures } from '../../ports/voice-cues.ts';
import { deviation, mean, percentile, present, smoothed, stretches, swings } from './contours.ts';
import type { FrameMeasures, FrameVoice } from './frame-analysis.ts';
import { HOP_SAMPLES, SAMPLE_RATE_HZ } from './frame-spectra.ts';
import { pitchPath } from './pitch-path.ts';
import { voicingPath } from './voicing-path.ts';

const FRAMES_PER_SECOND = SAMPLE_RATE_HZ / HOP_SAMPLES;
/** What lies this far before the first and after the last voiced frame is no part of the utterance. */
const MARGIN_FRAMES = 12;
/** Measures that were taken at another pitch than the path's (an octave off) are left out. */
const PITCH_TOLERANCE = 1.12;
/** Exponent of loudness: from its ratio back to decibels. */
const LOUDNESS_TO_DB = 10 / 0.33;

/** What an utterance was like, from its frames; null when no frame of it is voiced. */
export function measureUtterance(
  all: readonly FrameMeasures[],
  { marginFrames = MARGIN_FRAMES }: { marginFrames?: number } = {},
): VoiceMeasures | null {
  const wholePath = voicedPitch(all);
  const first = wholePath.findIndex((f0) => f0 > 0);
  if (first < 0) return null;
  const last = wholePath.findLastIndex((f0) => f0 > 0);
  const [from, to] = [Math.max(0, first - marginFrames), last + 1 + marginFrames];
  const frames = all.slice(from, to);
  const path = wholePath.subarray(from, to);
  const isVoiced = Array.from(path, (f0) => f0 > 0);
  const features = {
    ...pitchFeatures(path),
    ...loudnessFeatures(frames, isVoiced),
    ...spectralFeatures(frames, isVoiced),
    ...voiceFeatures(frames, path),
    ...rhythmFeatures(isVoiced),
  };
  const voicedFrames = isVoiced.filter(Boolean).length;
  return {
    features,
    speechSeconds: frames.length / FRAMES_PER_SECOND,
    voicedSeconds: voicedFrames / FRAMES_PER_SECOND,
  };
}

/** Harmonics tell where a voice is, the autocorrelation which pitch it has; where that finds none, the harmonics' own counts. */
function voicedPitch(frames: readonly FrameMeasures[]): Float64Array {
  const pitch = pitchPath(frames);
  return voicingPath(frames.map(({ harmonics }) => harmonics)).map((f0, i) =>
    f0 > 0 && pitch[i]! > 0 ? pitch[i]! : f0,
  );
}

function pitchFeatures(path: Float64Array) {
  const semitones = smoothed(path.map((f0) => (f0 > 0 ? 12 * Math.log2(f0 / 27.5) : NaN)));
  const voiced = present(semitones);
  const sorted = voiced.slice().sort();
  const { rising, falling } = swings(voiced);
  const [p20, p80] = [percentile(sorted, 0.2), percentile(sorted, 0.8)];
  return {
    f0Mean: mean(voiced),
    f0Deviation: deviation(voiced),
    f0P20: p20,
    f0P50: percentile(sorted, 0.5),
    f0P80: p80,
    f0Range: p80 - p20,
    f0RisingSlope: mean(rising) * FRAMES_PER_SECOND,
    f0RisingSlopeDeviation: deviation(rising) * FRAMES_PER_SECOND,
    f0FallingSlope: mean(falling) * FRAMES_PER_SECOND,
    f0FallingSlopeDeviation: deviation(falling) * FRAMES_PER_SECOND,
    f0P95: percentile(sorted, 0.95),
    f0End: mean(voiced.slice(-15)) - mean(voiced),
  };
}

function loudnessFeatures(frames: readonly FrameMeasures[], isVoiced: readonly boolean[]) {
  const loudness = smoothed(Float64Array.from(frames, ({ loudness }) => loudness));
  const sorted = loudness.slice().sort();
  const { peaks, rising, falling } = swings(loudness);
  const [p20, p50, p80] = [percentile(sorted, 0.2), percentile(sorted, 0.5), percentile(sorted, 0.8)];
  const average = mean(loudness);
  const voiced = frames.filter((_, i) => isVoiced[i]);
  const decibelsOf = (ratio: number): number => LOUDNESS_TO_DB * Math.log10(Math.max(1e-6, ratio));
  return {
    loudnessMean: average,
    loudnessDeviation: deviation(loudness),
    loudnessP20: p20,
    loudnessP50: p50,
    loudnessP80: p80,
    loudnessRange: p80 - p20,
    loudnessRisingSlope: mean(rising) * FRAMES_PER_SECOND,
    loudnessRisingSlopeDeviation: deviation(rising) * FRAMES_PER_SECOND,
    loudnessFallingSlope: mean(falling) * FRAMES_PER_SECOND,
    loudnessFallingSlopeDeviation: deviation(falling) * FRAMES_PER_SECOND,
    loudnessPeaksPerSecond: (peaks * FRAMES_PER_SECOND) / frames.length,
    levelDb: 10 * Math.log10(mean(voiced.map(({ power }) => power)) + 1e-10),
    loudnessRangeDb: decibelsOf(p80 / (p20 + 1e-9)),
    loudnessSpread: deviation(loudness) / (average + 1e-9),
    loudnessRiseShare: (mean(rising) * FRAMES_PER_SECOND) / (average + 1e-9),
    loudnessFallShare: (mean(falling) * FRAMES_PER_SECOND) / (average + 1e-9),
    alphaByLoudness: slopeOf(
      voiced.map(({ loudness }) => decibelsOf(loudness)),
      voiced.map(({ alphaRatioDb }) => alphaRatioDb),
    ),
  };
}

function spectralFeatures(frames: readonly FrameMeasures[], isVoiced: readonly boolean[]) {
  const inVoice = frames.filter((_, i) => isVoiced[i]);
  const outside = frames.filter((_, i) => !isVoiced[i]);
  const of = (of: readonly FrameMeasures[], read: (frame: FrameMeasures) => number) => ofValues(of.map(read));
  const alpha = of(inVoice, (frame) => frame.alphaRatioDb);
  const hammarberg = of(inVoice, (frame) => frame.hammarbergDb);
  const low = of(inVoice, (frame) => frame.slope0To500);
  const middle = of(inVoice, (frame) => frame.slope500To1500);
  const mfcc = [0, 1, 2, 3].map((i) => of(frames, (frame) => frame.mfcc[i]!));
  const mfccV = [0, 1, 2, 3].map((i) => of(inVoice, (frame) => frame.mfcc[i]!));
  const flux = of(frames, (frame) => frame.flux).mean;
  const fluxV = of(inVoice, (frame) => frame.flux).mean;
  return {
    flux,
    fluxV,
    fluxUV: of(outside, (frame) => frame.flux).mean,
    fluxShare: flux / (of(frames, (frame) => frame.magnitude).mean + 1e-9),
    fluxShareV: fluxV / (of(inVoice, (frame) => frame.magnitude).mean + 1e-9),
    mfcc1: mfcc[0]!.mean,
    mfcc2: mfcc[1]!.mean,
    mfcc3: mfcc[2]!.mean,
    mfcc4: mfcc[3]!.mean,
    mfcc1Deviation: mfcc[0]!.deviation,
    mfcc2Deviation: mfcc[1]!.deviation,
    mfcc3Deviation: mfcc[2]!.deviation,
    mfcc4Deviation: mfcc[3]!.deviation,
    mfcc1V: mfccV[0]!.mean,
    mfcc2V: mfccV[1]!.mean,
    mfcc3V: mfccV[2]!.mean,
    mfcc4V: mfccV[3]!.mean,
    mfcc1VDeviation: mfccV[0]!.deviation,
    mfcc2VDeviation: mfccV[1]!.deviation,
    mfcc3VDeviation: mfccV[2]!.deviation,
    mfcc4VDeviation: mfccV[3]!.deviation,
    alphaRatioV: alpha.mean,
    alphaRatioVDeviation: alpha.deviation,
    alphaRatioUV: of(outside, (frame) => frame.alphaRatioDb).mean,
    hammarbergV: hammarberg.mean,
    hammarbergVDeviation: hammarberg.deviation,
    hammarbergUV: of(outside, (frame) => frame.hammarbergDb).mean,
    slope0To500V: low.mean,
    slope0To500VDeviation: low.deviation,
    slope0To500UV: of(outside, (frame) => frame.slope0To500).mean,
    slope500To1500V: middle.mean,
    slope500To1500VDeviation: middle.deviation,
    slope500To1500UV: of(outside, (frame) => frame.slope500To1500).mean,
  };
}

function voiceFeatures(frames: readonly FrameMeasures[], path: Float64Array) {
  const voices = frames.map(({ voice }, i) => (voice && isSamePitch(voice.f0Hz, path[i]!) ? voice : null));
  const of = (read: (voice: FrameVoice) => number | undefined) =>
    ofValues(voices.map((voice) => (voice ? (read(voice) ?? NaN) : NaN)));
  const jitter = of(({ periods }) => periods?.jitter);
  const shimmer = of(({ periods }) => periods?.shimmerDb);
  const hnr = of(({ hnrDb }) => hnrDb);
  const h1H2 = of(({ h1H2Db }) => h1H2Db);
  const h1A3 = of(({ h1A3Db, formantDb }) => (formantDb.length === 3 ? h1A3Db : undefined));
  const frequency = [0, 1, 2].map((i) => of(({ formants }) => formants[i]?.frequencyHz));
  const bandwidth = [0, 1, 2].map((i) => of(({ formants }) => formants[i]?.bandwidthHz).mean);
  const level = [0, 1, 2].map((i) => of(({ formantDb }) => formantDb[i]));
  return {
    jitter: jitter.mean,
    jitterDeviation: jitter.deviation,
    shimmerDb: shimmer.mean,
    shimmerDbDeviation: shimmer.deviation,
    hnrDb: hnr.mean,
    hnrDbDeviation: hnr.deviation,
    h1H2Db: h1H2.mean,
    h1H2DbDeviation: h1H2.deviation,
    h1A3Db: h1A3.mean,
    h1A3DbDeviation: h1A3.deviation,
    f1Hz: frequency[0]!.mean,
    f1HzDeviation: frequency[0]!.deviation,
    f1BandwidthHz: bandwidth[0]!,
    f1Db: level[0]!.mean,
    f1DbDeviation: level[0]!.deviation,
    f2Hz: frequency[1]!.mean,
    f2HzDeviation: frequency[1]!.deviation,
    f2BandwidthHz: bandwidth[1]!,
    f2Db: level[1]!.mean,
    f2DbDeviation: level[1]!.deviation,
    f3Hz: frequency[2]!.mean,
    f3HzDeviation: frequency[2]!.deviation,
    f3BandwidthHz: bandwidth[2]!,
    f3Db: level[2]!.mean,
    f3DbDeviation: level[2]!.deviation,
  };
}

function rhythmFeatures(isVoiced: readonly boolean[]) {
  const { inside, outside } = stretches(isVoiced);
  return {
    voicedSegmentsPerSecond: (inside.length * FRAMES_PER_SECOND) / isVoiced.length,
    voicedSegmentSeconds: mean(inside) / FRAMES_PER_SECOND,
    voicedSegmentSecondsDeviation: deviation(inside) / FRAMES_PER_SECOND,
    unvoicedSegmentSeconds: mean(outside) / FRAMES_PER_SECOND,
    unvoicedSegmentSecondsDeviation: deviation(outside) / FRAMES_PER_SECOND,
  };
}

function isSamePitch(one: number, other: number): boolean {
  return other > 0 && one < other * PITCH_TOLERANCE && other < one * PITCH_TOLERANCE;
}

/** Of the smoothed contour. */
function ofValues(values: readonly number[]): { mean: number; deviation: number } {
  const there = present(smoothed(Float64Array.from(values)));
  return { mean: mean(there), deviation: deviation(there) };
}

/** How much y grows with x. */
function slopeOf(x: readonly number[], y: readonly number[]): number {
  const [middleX, middleY] = [mean(x), mean(y)];
  let [both, one] = [0, 1e-9];
  for (let i = 0; i < x.length; i++) {
    both += (x[i]! - middleX) * (y[i]! - middleY);
    one += (x[i]! - middleX) ** 2;
  }
  return both / one;
}
