/**
 * Stress in the phoneme alphabet of Kokoro and hibari: ˈ (primary) and ˌ (secondary) stand right before their vowel's
 * syllable onset in the dictionaries, or before the vowel itself where a rule adds them.
 */
export const PRIMARY = 'ˈ';
export const SECONDARY = 'ˌ';
const VOWELS = new Set('AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ');
const CONSONANTS = new Set('bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθT');
/** Diphthongs and affricates count double when syllables are weighed. */
const HEAVY = new Set('AIOQWYʤʧ');

type SoundKind = 'vowel' | 'consonant' | 'other';

export function soundKind(symbol: string): SoundKind {
  if (VOWELS.has(symbol)) return 'vowel';
  return CONSONANTS.has(symbol) ? 'consonant' : 'other';
}

function hasStress(phonemes: string): boolean {
  return phonemes.includes(PRIMARY) || phonemes.includes(SECONDARY);
}

export function withoutStress(phonemes: string): string {
  return phonemes.replaceAll(PRIMARY, '').replaceAll(SECONDARY, '');
}

/** A word that gives way to its neighbour: primary stress becomes secondary. */
export function demoted(phonemes: string): string {
  if (!phonemes.includes(PRIMARY)) return phonemes;
  return phonemes.replaceAll(SECONDARY, '').replaceAll(PRIMARY, SECONDARY);
}

/** A word that is emphasised (all capitals): secondary or no stress becomes primary. */
export function promoted(phonemes: string): string {
  if (phonemes.includes(PRIMARY)) return phonemes;
  if (phonemes.includes(SECONDARY)) return phonemes.replaceAll(SECONDARY, PRIMARY);
  return stressFirstVowel(phonemes, PRIMARY);
}

/** A word that is somewhat marked (capitalised): an unstressed one gets secondary stress. */
export function lightlyStressed(phonemes: string): string {
  return hasStress(phonemes) ? phonemes : stressFirstVowel(phonemes, SECONDARY);
}

export function stressWeight(phonemes: string): number {
  let weight = 0;
  for (const symbol of phonemes) weight += HEAVY.has(symbol) ? 2 : 1;
  return weight;
}

function stressFirstVowel(phonemes: string, mark: string): string {
  const symbols = [...phonemes];
  const vowel = symbols.findIndex((symbol) => VOWELS.has(symbol));
  if (vowel < 0) return phonemes;
  return [...symbols.slice(0, vowel), mark, ...symbols.slice(vowel)].join('');
}
