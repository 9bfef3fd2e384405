import type { TurnKind } from './turn-clip.ts';

/** What is said in the default voice: parts, each spoken by itself, and the pauses between them in ms. */
export interface SpokenTurn {
  kind: TurnKind;
  parts: readonly (string | number)[];
  /** Also in the conditions that are measured with fewer turns. */
  isCore?: true;
}

/** Turns of the test: nothing is tuned on them, and none is among the lines of test/bench/endpointing, which are for that. */
export const TEST_DIALOGUE: readonly SpokenTurn[] = [
  { kind: 'list', parts: ['I need eggs,', 500, 'milk,', 600, 'and a loaf of bread.'], isCore: true },
  { kind: 'list', parts: ['The people who are coming are Anna,', 550, 'Peter,', 500, 'and my sister.'] },
  { kind: 'list', parts: ['I have been to Spain,', 400, 'to Portugal,', 450, 'and to the south of France.'] },
  { kind: 'number', parts: ['You can reach me on eight six one,', 600, 'zero nine two,', 600, 'three three four.'], isCore: true },
  { kind: 'number', parts: ['The code is four seven,', 700, 'nine one.'] },
  { kind: 'number', parts: ['It is flight number eight,', 400, 'two two five.'] },
  { kind: 'um', parts: ['Could we, um,', 700, 'meet on Friday instead?'], isCore: true },
  { kind: 'um', parts: ['What is the, um,', 800, 'the capital of Norway?'] },
  { kind: 'um', parts: ['Do you know, uh,', 600, 'how far the moon is?'] },
  { kind: 'um', parts: ['I will have the, um,', 900, 'the soup of the day.'], isCore: true },
  { kind: 'hesitation', parts: ['When I get home tonight,', 500, 'I want to watch a film.'], isCore: true },
  { kind: 'hesitation', parts: ['She opened the door and', 650, 'there was nobody there.'] },
  { kind: 'hesitation', parts: ['To be honest,', 500, 'it was not very good.'] },
  { kind: 'hesitation', parts: ['Our flight leaves at', 500, 'a quarter past eight.'] },
  { kind: 'question', parts: ['How many legs does a spider have?'], isCore: true },
  { kind: 'question', parts: ['Why is the sea salty?'] },
  { kind: 'question', parts: ['Do you like music?'] },
  { kind: 'statement', parts: ['I had a very long day at work.'], isCore: true },
  { kind: 'statement', parts: ['My neighbour has a new dog.'] },
  { kind: 'statement', parts: ['That was a good film.'] },
  { kind: 'command', parts: ['Explain how a bicycle works.'], isCore: true },
  { kind: 'command', parts: ['Give me a number between one and ten.'] },
  { kind: 'short', parts: ['Yes.'], isCore: true },
  { kind: 'short', parts: ['No.'] },
  { kind: 'short', parts: ['Two.'], isCore: true },
  { kind: 'short', parts: ['Thanks.'] },
]; // prettier-ignore
