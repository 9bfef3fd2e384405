/** What training found out about vectors of voices (SpeakerEncoder). */
export interface SpeakerVoiceWeights {
  /** What all voices have in common; half of it is taken off, which leaves more of what differs. */
  centre: readonly number[];
  /** Mean cosine of two turns of one speaker. */
  alike: number;
  /** Less like the speaker's earlier turns than this is somebody else, for each of SAMPLE_SECONDS: the shorter, the less like anybody. */
  least: readonly { seconds: number; likeness: number }[];
}

/** Speech that voices are known by: of a turn, the longest of these that was said. More makes it no clearer whose it is (docs/voice-cues.md), and costs more. */
export const SAMPLE_SECONDS = [0.45, 0.7, 1.5] as const;
/** Turns that are too short for this tell too little to be known by later. */
export const FULL_SAMPLE_SECONDS = 1.5;

/** The middle of some turns' vectors. */
export interface KnownVoice {
  mean: readonly number[];
  turns: number;
}

export interface SpeakerSample {
  /** What a SpeakerEncoder made of it. */
  vector: readonly number[];
  /** One of SAMPLE_SECONDS. */
  seconds: number;
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

export function isSomebodyElse(
  weights: SpeakerVoiceWeights,
  { vector, seconds }: SpeakerSample,
  known: KnownVoice,
): boolean {
  const limit = weights.least.find((each) => each.seconds === seconds);
  return limit !== undefined && speakerLikeness(weights, vector, known) < limit.likeness;
}

function uncommon(vector: readonly number[], centre: readonly number[]): number[] {
  return vector.map((value, i) => value - CENTRE_SHARE * centre[i]!);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
