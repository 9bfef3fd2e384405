import type { UnclearReason, VoiceCue, VoiceEstimate, VoiceWord } from '../../contract/voice-cues.ts';
import type { VoiceFeatures } from '../../contract/voice-features.ts';
import { judgedClaims } from './claims.ts';
import { evidenceOf } from './evidence.ts';
import type { SpeakerBaseline } from './speaker-baseline.ts';
import { isSomebodyElse, type SpeakerSample } from './speaker-likeness.ts';
import { deviations, estimate, vectorOf, type RawEstimate, type VoiceModelWeights } from './voice-model.ts';
import { toneOfWords } from './words-tone.ts';

export interface HeardVoice {
  features: VoiceFeatures;
  speechSeconds: number;
  voicedSeconds: number;
  speaker?: SpeakerSample | null;
  claims?: readonly { engine: string; label: string; confidence?: number }[];
}

/** Less than this is a word or a sound. A name said alone takes about half a second. */
const LEAST_SPEECH_SECONDS = 0.4;
const LEAST_VOICED_SECONDS = 0.25;
/** Speech is voiced for about half of its time: much less is whispered or noise, all of it is hummed, sung or played. */
const LEAST_VOICED_SHARE = 0.2;
const MOST_VOICED_SHARE = 0.93;
/** Harmonics-to-noise ratios of voices (mean over voiced frames) lie above this, those of instruments and sirens below the other. */
const LEAST_HNR_DB = 2;
const MOST_HNR_DB = 22;
/** A voice's pitch moves. Tones stay within a fifth of a semitone. */
const LEAST_PITCH_DEVIATION_ST = 0.25;
/** Between the loud and the quiet of an utterance; a voice in loud noise shows little. */
const LEAST_LOUDNESS_RANGE_DB = 7;
/** Everything within this of usual (root mean square of the deviations) sounds as usual. */
const USUAL_DISTANCE = 0.75;

/** What a turn sounded like against its speaker's baseline, in a word; `unclear` with its reason when that cannot be said. */
export function judgeVoice(
  weights: VoiceModelWeights,
  options: { heard: HeardVoice | null; baseline: SpeakerBaseline; text: string },
): VoiceCue {
  const { heard, baseline, text } = options;
  const { usual } = baseline;
  const cue: VoiceCue = {
    word: 'unclear',
    reason: null,
    arousal: null,
    valence: null,
    evidence: heard && usual ? evidenceOf(heard.features, usual) : [],
    baselineTurns: baseline.turns.length,
    words: toneOfWords(text),
    disagreement: null,
    claims: judgedClaims(heard?.claims ?? [], null),
  };
  const reason = whyUnclear(weights, heard, baseline);
  if (reason !== null || heard === null) return { ...cue, reason };
  const away = deviations(weights, vectorOf(weights, heard.features), baseline.mean);
  const raw = estimate(weights, away);
  const judged = { ...cue, arousal: withWidth(raw.arousal), valence: withWidth(raw.valence) };
  const word = wordOf(weights, raw) ?? (rootMeanSquare(away) < USUAL_DISTANCE ? 'neutral' : null);
  if (word === null) return { ...judged, reason: 'undecided' };
  return {
    ...judged,
    word,
    claims: judgedClaims(heard.claims ?? [], word),
    disagreement: disagreementOf(word, cue.words),
  };
}

/** Null when there is enough of a voice, of a speaker that is known, to say something. */
export function whyUnclear(
  weights: VoiceModelWeights,
  heard: HeardVoice | null,
  baseline: SpeakerBaseline,
): UnclearReason | null {
  const unusable = whyNoVoice(weights, heard);
  if (unusable !== null) return unusable;
  if (!baseline.isReliable) return 'baseline';
  const vector = vectorOf(weights, heard!.features);
  const stranger = whyStranger(weights, heard!, baseline);
  if (stranger !== null) return stranger;
  const away = deviations(weights, vector, baseline.mean);
  return rootMeanSquare(away) > weights.strangeDistance ? 'not-speech' : null;
}

/** Null when it may well be the speaker. By the encoded voice once that is known: the features know a speaker less well. */
function whyStranger(
  weights: VoiceModelWeights,
  { features, speaker }: HeardVoice,
  { mean, voice }: SpeakerBaseline,
): UnclearReason | null {
  const limits = weights.speaker;
  if (speaker && limits.voice && voice && voice.turns >= weights.baselineTurns) {
    return isSomebodyElse(limits.voice, speaker, voice) ? 'another-speaker' : null;
  }
  const distance = speakerDistance(weights, vectorOf(weights, features), mean);
  return distance > limits.farDistance ? 'another-speaker' : null;
}

/** Whether a sound can be a speaker's voice at all: what is none does not go into a baseline either. */
export function whyNoVoice(weights: VoiceModelWeights, heard: HeardVoice | null): UnclearReason | null {
  if (!heard) return 'no-voice';
  const { features, speechSeconds, voicedSeconds } = heard;
  const share = voicedSeconds / speechSeconds;
  if (share < LEAST_VOICED_SHARE) return 'no-voice';
  if (speechSeconds < LEAST_SPEECH_SECONDS || voicedSeconds < LEAST_VOICED_SECONDS) return 'too-short';
  if (share > MOST_VOICED_SHARE && speechSeconds > 1.5) return 'not-speech';
  if (features.hnrDb > MOST_HNR_DB || features.f0Deviation < LEAST_PITCH_DEVIATION_ST) return 'not-speech';
  if (features.hnrDb < LEAST_HNR_DB || features.loudnessRangeDb < LEAST_LOUDNESS_RANGE_DB) return 'noisy';
  return null;
}

/**
 * Root mean square of the differences from a speaker's mean on the features that tell speakers apart; what the turn's own arousal adds is taken off
 * first, or everybody who gets excited would be somebody else.
 */
export function speakerDistance(
  weights: VoiceModelWeights,
  vector: readonly number[],
  mean: readonly number[],
): number {
  const { features, deviation } = weights.speaker;
  const { arousal } = estimate(weights, deviations(weights, vector, mean));
  return rootMeanSquare(
    features.map((name, i) => {
      const at = weights.features.indexOf(name);
      const added = (arousal - 0.5) * weights.arousalShift[at]! * weights.withinDeviation[at]!;
      return (vector[at]! - added - mean[at]!) / deviation[i]!;
    }),
  );
}

export function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
}

function wordOf(weights: VoiceModelWeights, { valence, lean }: RawEstimate): VoiceWord | null {
  if (Math.abs(lean) < weights.threshold.arousal) return null;
  const side = Math.abs(valence - 0.5) < weights.threshold.valence ? 0 : Math.sign(valence - 0.5);
  if (lean > 0) return side > 0 ? 'animated' : side < 0 ? 'tense' : 'raised';
  return side < 0 ? 'low' : 'calm';
}

/** As a probability is less sure, it may be further off. */
function withWidth(probability: number): VoiceEstimate {
  return { value: round(probability), halfWidth: round(Math.sqrt(probability * (1 - probability))) };
}

function disagreementOf(word: VoiceWord, words: VoiceCue['words']): VoiceCue['disagreement'] {
  if (words === 'positive' && word === 'low') return 'flat-praise';
  if (words === 'positive' && word === 'tense') return 'tense-praise';
  if (words === 'negative' && word === 'animated') return 'lively-complaint';
  return null;
}

const round = (value: number): number => Math.round(100 * value) / 100;
