/** What training found out about vectors of voices (SpeakerEncoder). */
export interface SpeakerVoiceWeights {
  /** What all voices have in common; half of it is taken off, which leaves more of what differs. */
  centre: readonly number[];
  /** Mean cosine of two turns of one speaker. */
  alike: number;
  /** Less like the speaker's earlier turns than this is somebody else. */
  least: number;
  /** The same for voices that were sampled in brief: these are less like anybody. */
  leastInBrief: number;
}

/** Speech that a voice is known by. More makes it no clearer whose it is (docs/voice-cues.md), and costs more. */
export const SAMPLED_SECONDS = 1.5;
/** Speech that turns too short for that are known by; with half of a second it is nearly a guess. */
export const BRIEF_SECONDS = 0.7;

/** The middle of some turns' vectors. */
export interface KnownVoice {
  mean: readonly number[];
  turns: number;
}

export const CENTRE_SHARE = 0.5;

/** Of the vectors of turns; null of none. */
export function knownVoice(vectors: readonly (readonly number[])[]): KnownVoice | null {
  if (vectors.length === 0) return null;
  const mean = vectors[0]!.map((_, i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length);
  return { mean, turns: vectors.length };
}

/**
 * How like a speaker's earlier turns a new one is, by the cosine. A mean of few turns is noisy, and everything is less like it: that is made up for,
 * so that one limit serves however many turns were heard.
 */
export function speakerLikeness(
  weights: Pick<SpeakerVoiceWeights, 'centre' | 'alike'>,
  speaker: readonly number[],
  known: KnownVoice,
): number {
  const [one, other] = [uncommon(speaker, weights.centre), uncommon(known.mean, weights.centre)];
  const cosine = dot(one, other) / (Math.sqrt(dot(one, one) * dot(other, other)) || 1);
  return cosine * Math.sqrt((weights.alike + (1 - weights.alike) / known.turns) / weights.alike);
}

function uncommon(vector: readonly number[], centre: readonly number[]): number[] {
  return vector.map((value, i) => value - CENTRE_SHARE * centre[i]!);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
