import type { CueUse, UnclearReason, VoiceCue, VoiceEvidence } from '../../main/contract/voice-cues.ts';

const SOUNDS: Record<VoiceCue['word'], string> = {
  calm: 'Sounds calm',
  low: 'Sounds low',
  neutral: 'Sounds as usual',
  animated: 'Sounds animated',
  tense: 'Sounds tense',
  raised: 'Sounds tense or animated',
  unclear: 'Voice unclear',
};

const REASONS: Record<UnclearReason, string> = {
  'too-short': 'Too short to tell anything by.',
  'no-voice': 'No voice was found in it: silence, a whisper or noise.',
  'not-speech': 'It does not sound like anybody speaking.',
  noisy: 'Too much noise around the voice.',
  baseline: 'Your usual voice is not known well enough yet.',
  'another-speaker': 'It sounds like somebody else than the turns before.',
  undecided: 'The measures do not point one way.',
};

const MEASURES: Record<VoiceEvidence['measure'], string> = {
  pitch: 'pitch',
  'pitch-range': 'pitch range',
  loudness: 'loudness',
  rate: 'rate',
  brightness: 'brightness',
};

const DISAGREEMENTS: Record<NonNullable<VoiceCue['disagreement']>, string> = {
  'flat-praise': 'Friendly words in a low voice.',
  'tense-praise': 'Friendly words in a tense voice.',
  'lively-complaint': 'Unfriendly words in an animated voice.',
};

/** "Sounds", never "is". */
export function soundsWords(cue: VoiceCue): string {
  return SOUNDS[cue.word];
}

export function reasonWords(cue: VoiceCue): string | undefined {
  return cue.reason === null ? undefined : REASONS[cue.reason];
}

/** "pitch +3.1 st, loudness +6 dB, rate +20% against your baseline of 14 turns"; undefined before there is one. */
export function evidenceWords({ evidence, baselineTurns }: VoiceCue): string | undefined {
  if (evidence.length === 0) return undefined;
  const parts = evidence.map(({ measure, difference, unit }) => {
    const amount = Math.abs(difference) < (unit === '%' ? 1 : 0.1) ? '±0' : signed(difference);
    return `${MEASURES[measure]} ${amount}${unit === '%' ? '%' : ` ${unit}`}`;
  });
  return `${parts.join(', ')} against your baseline of ${baselineTurns} ${baselineTurns === 1 ? 'turn' : 'turns'}`;
}

export function disagreementWords({ disagreement }: VoiceCue): string | undefined {
  return disagreement === null ? undefined : DISAGREEMENTS[disagreement];
}

/** "“happy”, claimed by My model (fairly sure), which fits what was measured": whose word it is, and that it is no measure. */
export function claimWords({ claims }: VoiceCue): string[] {
  return claims.map(({ engine, label, agrees, confidence }) => {
    const fit =
      agrees === null ? '' : agrees ? ', which fits what was measured' : ', which does not fit what was measured';
    return `“${label}”, claimed by ${engine}${confidence === undefined ? '' : ` (${sureness(confidence)})`}${fit}`;
  });
}

function sureness(confidence: number): string {
  if (confidence >= 0.8) return 'sure';
  return confidence >= 0.5 ? 'fairly sure' : 'not sure';
}

/** What the voice changed in an answer; empty when it changed nothing. */
export function useWords(use: CueUse): string[] {
  return [
    ...(use.promptLine === null ? [] : [`The model was told: ${use.promptLine}`]),
    ...(use.choseAnswer ? ['The shorter of the prepared answers was chosen'] : []),
    ...(use.pace === 1 ? [] : [use.pace < 1 ? 'Spoken a little slower' : 'Spoken a little faster']),
  ];
}

function signed(value: number): string {
  return `${value > 0 ? '+' : '−'}${Math.abs(value)}`;
}
