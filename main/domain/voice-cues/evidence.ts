import type { VoiceEvidence } from '../../contract/voice-cues.ts';
import type { VoiceFeatures } from '../../contract/voice-features.ts';

/** Of the features, those that people understand. */
export type Usual = Pick<VoiceFeatures, 'f0P50' | 'f0Range' | 'levelDb' | 'loudnessPeaksPerSecond' | 'alphaRatioV'>;

/** How a turn differs from how the speaker usually sounds. Loudness is shown but not judged by: a knob changes it too. */
export function evidenceOf(features: Usual, usual: Usual): VoiceEvidence[] {
  const rate = features.loudnessPeaksPerSecond / Math.max(0.1, usual.loudnessPeaksPerSecond);
  return [
    { measure: 'pitch', difference: tenth(features.f0P50 - usual.f0P50), unit: 'st' },
    { measure: 'pitch-range', difference: tenth(features.f0Range - usual.f0Range), unit: 'st' },
    { measure: 'loudness', difference: tenth(features.levelDb - usual.levelDb), unit: 'dB' },
    { measure: 'rate', difference: Math.round(100 * (rate - 1)), unit: '%' },
    { measure: 'brightness', difference: tenth(features.alphaRatioV - usual.alphaRatioV), unit: 'dB' },
  ];
}

const tenth = (value: number): number => Math.round(10 * value) / 10;
