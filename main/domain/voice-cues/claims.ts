import type { VoiceCue, VoiceWord } from '../../contract/voice-cues.ts';

/** What engines' labels say of arousal and valence; `undefined`: of that, nothing. */
const SAID: Record<string, { aroused?: boolean; pleasant?: boolean }> = {
  angry: { aroused: true, pleasant: false },
  anger: { aroused: true, pleasant: false },
  fearful: { aroused: true, pleasant: false },
  fear: { aroused: true, pleasant: false },
  happy: { aroused: true, pleasant: true },
  happiness: { aroused: true, pleasant: true },
  surprised: { aroused: true },
  surprise: { aroused: true },
  disgusted: { pleasant: false },
  disgust: { pleasant: false },
  sad: { aroused: false, pleasant: false },
  sadness: { aroused: false, pleasant: false },
  bored: { aroused: false },
  boredom: { aroused: false },
  calm: { aroused: false },
  neutral: { aroused: false },
  'high arousal': { aroused: true },
  'low arousal': { aroused: false },
  pleasant: { pleasant: true },
  unpleasant: { pleasant: false },
};

const MEASURED: Partial<Record<VoiceWord, { aroused: boolean; pleasant?: boolean }>> = {
  calm: { aroused: false },
  low: { aroused: false, pleasant: false },
  neutral: { aroused: false },
  animated: { aroused: true, pleasant: true },
  tense: { aroused: true, pleasant: false },
  raised: { aroused: true },
};

interface Claim {
  engine: string;
  label: string;
  confidence?: number | undefined;
}

/** Each claim with whether it fits what was measured; null where one of the two says nothing that can be compared. */
export function judgedClaims(claims: readonly Claim[], word: VoiceWord | null): VoiceCue['claims'] {
  return claims.map((claim) => ({ ...claim, agrees: agrees(claim.label, word) }));
}

function agrees(label: string, word: VoiceWord | null): boolean | null {
  const said = saidBy(label);
  const measured = word && MEASURED[word];
  if (!measured) return null;
  const compared = [
    [said.aroused, measured.aroused],
    [said.pleasant, measured.pleasant],
  ].filter(([one, other]) => one !== undefined && other !== undefined);
  return compared.length === 0 ? null : compared.every(([one, other]) => one === other);
}

/** A label is one word, or says two dimensions: "high arousal, unpleasant". */
function saidBy(label: string): { aroused?: boolean; pleasant?: boolean } {
  const parts = label.toLowerCase().split(', ');
  return Object.assign({}, ...parts.map((part) => (Object.hasOwn(SAID, part) ? SAID[part] : {})));
}
