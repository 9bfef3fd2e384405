import type { TurnKind } from './turn-clip.ts';

/** A stretch of a recording that is one turn. */
export interface RecordedTurn {
  /** In the folder of the model `speech-samples`, or (`test data`) in the folder `audio` of PARLEY_TEST_DATA. */
  file: string;
  folder: 'speech-samples' | 'test data';
  /** Of the stretch, in seconds; absent: the whole file. */
  span?: readonly [fromSeconds: number, toSeconds: number];
  kind: TurnKind;
  /** Null: under copyright, or not transcribed. */
  text: string | null;
  speechEndSeconds?: number;
  /** Also in the conditions that are measured with fewer turns. */
  isCore?: true;
}

/**
 * Turns of the test. Where a turn begins and ends was chosen by hand in the pauses (levels in frames of 10 ms) so that a turn ends with
 * a clause that could be the last; to the sample it is labelled by the rule (label-speech.ts). Two Cities: Dickens,
 * public domain; its first 25 s, since what comes after is for tuning (test/bench/endpointing).
 */
export const TEST_RECORDINGS: readonly RecordedTurn[] = [
  reading(
    [1.1, 8.35],
    'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness',
  ),
  { ...reading([8.7, 12.9], 'it was the epoch of belief, it was the epoch of incredulity'), isCore: true },
  reading([13.35, 16.8], 'it was the season of Light, it was the season of Darkness'),
  {
    ...reading(
      [17.45, 24.05],
      'it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing before us',
    ),
    isCore: true,
  },
  // The ends by hand: applause and a crackle go on after the words.
  beckett([0, 5.65], 5.5),
  { ...beckett([6.5, 9.2], 2.45), isCore: true },
  {
    file: 'jfk.flac',
    folder: 'test data',
    kind: 'read',
    text: 'And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country.',
    // The crowd at −30 dB defeats the rule; the last word ends here, seen in the levels.
    speechEndSeconds: 10.2,
    isCore: true,
  },
  command('check_order_12345', 'Can you check the status of my order number 12345?'),
  command('hello', 'Hello', 'short'),
  command('help_me', 'Can you help me with something?', 'question'),
  command('hi_how_are_you', 'Hi, how are you', 'question'),
  // A click at the end of the file is not part of it.
  { ...command('no', 'No', 'short'), span: [0, 0.6] },
  { ...command('order_status', "I'd like to check my order status, please."), isCore: true },
  command('thank_you', 'Thank you very much.', 'short'),
  command('yes', 'Yes', 'short'),
];

function reading(span: readonly [number, number], text: string): RecordedTurn {
  return { file: 'two_cities.wav', folder: 'speech-samples', span, kind: 'read', text };
}

function beckett(span: readonly [number, number], speechEndSeconds: number): RecordedTurn {
  return { file: 'beckett.wav', folder: 'speech-samples', span, kind: 'read', text: null, speechEndSeconds };
}

/** Short turns, spoken by a synthetic voice that is none of ours; the text was heard, not given. */
function command(name: string, text: string, kind: TurnKind = 'command'): RecordedTurn {
  return { file: `utterances/${name}.flac`, folder: 'test data', kind, text };
}
