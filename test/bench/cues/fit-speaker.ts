import {
  CENTRE_SHARE,
  FULL_SAMPLE_SECONDS,
  knownVoice,
  speakerLikeness,
  type SpeakerVoiceWeights,
} from '../../../main/domain/voice-cues/speaker-likeness.ts';
import { seededRandom, shuffled } from '../../../main/evaluation/seeded-random.ts';
import { labelOf } from './emodb.ts';
import { fullVoices, type CorpusVoices } from './corpus-features.ts';
import { meanOf } from './train-model.ts';

/** Share of a speaker's own turns that may be taken for somebody else's; of short ones more, or most guests would pass. */
const falseStrangers = (seconds: number): number => (seconds === FULL_SAMPLE_SECONDS ? 0.03 : 0.05);
/** Turns that were heard before, as the limit is to serve all of them. */
const HEARD = [6, 10, 20, 30];
const ORDERS = 4;

/** The limits below which a voice is somebody else's, from speakers that are left out in turn; no impostor is used. */
export function fitSpeakerVoice(voices: CorpusVoices, speakers: readonly string[]): SpeakerVoiceWeights {
  const full = fullVoices(voices);
  const turns = new Map(
    speakers.map((speaker) => [speaker, Object.keys(full).filter((name) => labelOf(name).speaker === speaker)]),
  );
  const turnsOf = new Map([...turns].map(([speaker, names]) => [speaker, names.map((name) => full[name]!)]));
  const centreOf = (of: readonly string[]): number[] => meanOf(of.map((speaker) => meanOf(turnsOf.get(speaker)!)));
  const { centre, alike } = commonOf(turnsOf, speakers, centreOf(speakers));
  const told = speakers.flatMap((speaker) => {
    const unseen = { centre: centreOf(speakers.filter((other) => other !== speaker)), alike };
    return HEARD.flatMap((heard) =>
      Array.from({ length: ORDERS }, (_, seed) => shuffled(turns.get(speaker)!, seededRandom(seed + 1))).flatMap(
        (order) => {
          const known = knownVoice(order.slice(0, heard).map((name) => full[name]!))!;
          return order.slice(heard).map((name) => voices.map(({ of }) => speakerLikeness(unseen, of[name]!, known)));
        },
      ),
    );
  });
  const least = voices.map(({ seconds }, i) => {
    const sorted = told.map((likenesses) => likenesses[i]!).sort((a, b) => a - b);
    return { seconds, likeness: rounded(sorted[Math.floor(falseStrangers(seconds) * sorted.length)]!) };
  });
  return { centre, alike, least };
}

/** Mean cosine of two turns of one speaker, what all have in common taken off. */
function commonOf(own: ReadonlyMap<string, number[][]>, speakers: readonly string[], centre: readonly number[]) {
  const cosines = speakers.flatMap((speaker) => {
    const turns = own.get(speaker)!.map((vector) => unit(vector.map((value, i) => value - CENTRE_SHARE * centre[i]!)));
    return turns.slice(1).map((turn, i) => turn.reduce((sum, value, k) => sum + value * turns[i]![k]!, 0));
  });
  return { centre: centre.map(rounded), alike: rounded(cosines.reduce((sum, each) => sum + each, 0) / cosines.length) };
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const rounded = (value: number): number => Number(value.toPrecision(4));
