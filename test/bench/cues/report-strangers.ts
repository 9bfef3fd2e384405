import { judgeVoice, type HeardVoice } from '../../../main/domain/voice-cues/judge-voice.ts';
import { SAMPLE_SECONDS } from '../../../main/domain/voice-cues/speaker-likeness.ts';
import { SpeakerBaseline, type BaselineTurn } from '../../../main/domain/voice-cues/speaker-baseline.ts';
import { vectorOf, type VoiceModelWeights } from '../../../main/domain/voice-cues/voice-model.ts';
import { seededRandom, shuffled } from '../../../main/evaluation/seeded-random.ts';
import { fullVoices, type CorpusVoices, type FeatureTable } from './corpus-features.ts';
import { labelOf } from './emodb.ts';
import { fitSpeakerVoice } from './fit-speaker.ts';
import { percent, type LeftOut } from './report-recall.ts';

const HEARD = [6, 10, 20, 30];
const ORDERS = 3;
/** EmoDB's clips last about this long; what matters of it is that it is long enough. */
const SECONDS = { speechSeconds: 2, voicedSeconds: 1.1 };

interface Counts {
  asked: number;
  unclear: number;
  noticed: number;
}

const WAYS = [
  ...SAMPLE_SECONDS.toReversed().map((seconds) => ({ seconds, title: `by CAM++ and ${seconds} s of the voice:` })),
  { seconds: null, title: 'by the features alone (without the encoder):' },
];

/** Every speaker's turns against every other's baseline, with limits from the other four; by as much of the voice as turns of different lengths show. */
export function strangerLines(folds: readonly LeftOut[], clean: FeatureTable, voices: CorpusVoices): string[] {
  const lines: string[] = [];
  const speakers = folds.map(({ speaker }) => speaker);
  const namesOf = (speaker: string): string[] => Object.keys(clean).filter((name) => labelOf(name).speaker === speaker);
  const full = fullVoices(voices);
  for (const { seconds, title } of WAYS) {
    const sampled = voices.find((each) => each.seconds === seconds)?.of;
    lines.push(title);
    const turnOf = (model: VoiceModelWeights, name: string): BaselineTurn => ({
      ...{ vector: vectorOf(model, clean[name]!), levelDb: clean[name]!.levelDb },
      // What was heard before was long enough.
      ...(sampled ? { speaker: full[name]! } : {}),
    });
    for (const heard of HEARD) {
      const [own, other] = [counts(), counts()];
      const pairs: { pair: string; noticed: number }[] = [];
      for (const { speaker, model: known } of folds) {
        for (const another of speakers) {
          const model = withLimitsOf(
            known,
            voices,
            speakers.filter((each) => each !== speaker && each !== another),
          );
          const pair = counts();
          for (let seed = 0; seed < ORDERS; seed++) {
            const order = shuffled(namesOf(speaker), seededRandom(seed + 1));
            const turns = order.slice(0, heard).map((name) => turnOf(model, name));
            const baseline = new SpeakerBaseline(model, turns);
            const judged = speaker === another ? order.slice(heard) : namesOf(another);
            for (const name of judged) {
              const voice = {
                ...{ features: clean[name]!, ...SECONDS },
                speaker: sampled ? { vector: sampled[name]!, seconds: seconds! } : null,
              };
              count(pair, model, voice, baseline);
            }
          }
          add(speaker === another ? own : other, pair);
          if (speaker !== another)
            pairs.push({ pair: `${another} for ${speaker}`, noticed: pair.noticed / pair.asked });
        }
      }
      const worst = pairs.sort((a, b) => a.noticed - b.noticed).slice(0, 3);
      lines.push(
        `  ${heard} turns heard: another speaker unclear ${share(other, 'unclear')}, noticed as such ${share(other, 'noticed')} of ${other.asked} (least: ${worst.map(({ pair, noticed }) => `${pair} ${percent(noticed)}`).join(', ')}); own turns taken for somebody else's ${share(own, 'noticed')} of ${own.asked}, unclear ${share(own, 'unclear')}`,
      );
    }
  }
  return lines;
}

function withLimitsOf(model: VoiceModelWeights, voices: CorpusVoices, speakers: readonly string[]): VoiceModelWeights {
  return { ...model, speaker: { ...model.speaker, voice: fitSpeakerVoice(voices, speakers) } };
}

function count(into: Counts, model: VoiceModelWeights, voice: HeardVoice, baseline: SpeakerBaseline): void {
  const { word, reason } = judgeVoice(model, { heard: voice, baseline, text: '' });
  into.asked++;
  if (word === 'unclear') into.unclear++;
  if (reason === 'another-speaker' || reason === 'not-speech') into.noticed++;
}

const counts = (): Counts => ({ asked: 0, unclear: 0, noticed: 0 });
const share = (of: Counts, what: 'unclear' | 'noticed'): string => percent(of[what] / of.asked);

function add(into: Counts, from: Counts): void {
  into.asked += from.asked;
  into.unclear += from.unclear;
  into.noticed += from.noticed;
}
