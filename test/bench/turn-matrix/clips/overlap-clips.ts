import { labelSpeech } from '../../../../main/evaluation/sound/label-speech.ts';
import { seededRandom, shuffled } from '../../../../main/evaluation/seeded-random.ts';
import type { Span } from '../../../../main/evaluation/sound/sound.ts';
import { noiseFile } from './noise-file.ts';
import { madeCough, madeDoor, madeMusic } from '../../../../main/evaluation/sound/made-sounds.ts';
import { ROOM_RATE_HZ, SPEECH_DBFS, atLevel, atRoomRate } from '../../../../main/evaluation/sound/room-sound.ts';
import type { TurnSources } from './turn-sets.ts';

export type OverlapKind =
  'interruption' | 'backchannel' | 'cough' | 'laughter' | 'door' | 'background speech' | 'music' | 'burst';

/** Something that is heard while the app answers: an interruption, or a sound under which it should go on. */
export interface OverlapClip {
  id: string;
  kind: OverlapKind;
  samples: Float32Array;
  speech: Span;
}

const INTERRUPTIONS = [
  'Stop.',
  'Wait a moment.',
  'No, I meant the other one.',
  'Hang on, I have a question.',
  'Okay, that is enough.',
  'What did you say about the garden?',
  'Actually, tell me about the weather.',
  'Be quiet, please.',
];
const BACKCHANNELS = ['Mm-hm.', 'Yeah.', 'Right.', 'Uh-huh.', 'Okay.', 'I see.'];
const LAUGHTER = 'Ha ha ha ha.';
/** Somebody else in the room, a radio. */
const BACKGROUND_DB = -18;
const MUSIC_DB = -10;
const LONG_SECONDS = 2;
const PATTERN_SEED = 71;
/** Two sounds are heard before the answer is interrupted. */
const HOLDS_PER_INTERRUPTION = 2;

/** Interruptions and holds in turn, in the same order in every run. */
export async function overlapClips(sources: TurnSources, count = Infinity): Promise<OverlapClip[]> {
  const interruptions: OverlapClip[] = [];
  for (const text of INTERRUPTIONS) interruptions.push(await spoken(sources, 'interruption', text));
  const holds = shuffled(await allHolds(sources), seededRandom(PATTERN_SEED));
  const clips: OverlapClip[] = [];
  for (const interruption of shuffled(interruptions, seededRandom(PATTERN_SEED))) {
    clips.push(...holds.splice(0, HOLDS_PER_INTERRUPTION), interruption);
  }
  return [...clips, ...holds].slice(0, count);
}

async function allHolds(sources: TurnSources): Promise<OverlapClip[]> {
  const people = await noiseFile(sources, 'people_talking');
  const talk = people ?? (await atRoomRate(await sources.spoken.say('And then we drove to the lake and had a swim.')));
  const dog = await noiseFile(sources, 'dog_bark');
  const sounds: [OverlapKind, string, Float32Array, number][] = [
    ['cough', 'cough', madeCough(), 0],
    ['cough', 'soft cough', madeCough(), -10],
    ['door', 'door', madeDoor(), 0],
    ['door', 'distant door', madeDoor(), -10],
    ['music', 'music', madeMusic(LONG_SECONDS), MUSIC_DB],
    ['background speech', 'people', talk.slice(0, LONG_SECONDS * ROOM_RATE_HZ), BACKGROUND_DB],
    ...(dog
      ? [
          ['burst', 'dog', dog.slice(0, LONG_SECONDS * ROOM_RATE_HZ), -6] satisfies [
            OverlapKind,
            string,
            Float32Array,
            number,
          ],
        ]
      : []),
  ];
  const backchannels: OverlapClip[] = [];
  for (const text of BACKCHANNELS) backchannels.push(await spoken(sources, 'backchannel', text));
  return [
    ...backchannels,
    await spoken(sources, 'laughter', LAUGHTER),
    ...sounds.map(([kind, id, samples, db]) => overlapClip(kind, id, atLevel(samples, SPEECH_DBFS + db))),
  ];
}

async function spoken(sources: TurnSources, kind: OverlapKind, text: string): Promise<OverlapClip> {
  const samples = await atRoomRate(await sources.spoken.say(text));
  const { from, to } = labelSpeech(samples, ROOM_RATE_HZ);
  return overlapClip(kind, text, atLevel(samples.slice(from, to), SPEECH_DBFS));
}

function overlapClip(kind: OverlapKind, id: string, samples: Float32Array): OverlapClip {
  return { id, kind, samples, speech: labelSpeech(samples, ROOM_RATE_HZ) };
}
