import { beforeEach, expect, test } from 'vitest';
import type { WakeState } from '../../../main/contract/preferences.ts';
import { WakeGate } from '../../../main/pipeline/wake-gate.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../../../main/ports/listener.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

class FakeListener implements Listener {
  text = '';
  emit: (event: ListenerEvent) => void = () => {};
  push(): void {}
  beginUtterance(): void {}
  endUtterance(): void {}
  readUtterance(): Promise<UtteranceReading> {
    return Promise.resolve({ text: this.text, completeProbability: 0.9 });
  }
  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.emit = listener;
    return () => {};
  }
}

let phrase: string | null;
let clock: FakeClock;
let ears: FakeListener;
let gate: WakeGate;
let states: (WakeState | null)[];
let nextId = 1;

beforeEach(() => {
  phrase = 'Hey Parley';
  clock = new FakeClock();
  ears = new FakeListener();
  states = [];
  gate = new WakeGate({ listener: ears, clock, phrase: () => phrase, onState: (state) => states.push(state) });
});

/** What is heard of an utterance behind the gate. */
async function hear(text: string): Promise<string> {
  const id = nextId++;
  ears.text = text;
  gate.beginUtterance(id, 0);
  const reading = await gate.readUtterance(id, 100);
  gate.endUtterance(id);
  return reading.text;
}

function answer(): void {
  for (const floor of ['hearing', 'thinking', 'speaking', 'listening'] as const) gate.floorChanged(floor);
}

test('asleep, what others say has no words, neither while it is said nor at its end', async () => {
  const partials: string[] = [];
  gate.onEvent((event) => event.type === 'partial' && partials.push(event.text));
  gate.beginUtterance(7, 0);
  ears.emit({ type: 'partial', utteranceId: 7, text: 'Did you see', stableChars: 3, endSample: 10 });
  ears.text = 'Did you see the match?';
  expect((await gate.readUtterance(7, 100)).text).toBe('');
  expect(partials).toEqual(['']);
  expect(states).toEqual(['asleep']);
});

test('what follows the phrase is heard, the phrase is not', async () => {
  expect(await hear('Hey, Parlay, what time is it?')).toBe('What time is it?');
});

test('the phrase alone stays, to be answered', async () => {
  expect(await hear('Hey, Parley.')).toBe('Hey, Parley.');
});

test('after an answer one may go on without calling for eight seconds, and no longer', async () => {
  answer();
  clock.advance(7900);
  expect(await hear('And tomorrow?')).toBe('And tomorrow?');
  clock.advance(200);
  expect(await hear('And the day after?')).toBe('');
  expect(states).toEqual(['asleep', 'awake', 'asleep']);
});

test('what was begun in time is heard to its end', async () => {
  answer();
  clock.advance(7900);
  gate.beginUtterance(90, 0);
  clock.advance(3000);
  ears.text = 'And what about the day after tomorrow?';
  expect((await gate.readUtterance(90, 100)).text).toBe(ears.text);
});

test('an answer can be interrupted without calling', async () => {
  gate.floorChanged('speaking');
  expect(await hear('Stop.')).toBe('Stop.');
});

test('a noise that held nothing wakes nobody', async () => {
  gate.floorChanged('hearing');
  expect(await hear('Over there.')).toBe('');
  gate.floorChanged('listening');
  expect(await hear('And there.')).toBe('');
});

test('in other modes everything passes as it is', async () => {
  phrase = null;
  gate.phraseChanged();
  expect(await hear('Hey Parley, hello')).toBe('Hey Parley, hello');
  expect(states).toEqual(['asleep', null]);
});

test('another phrase or mode ends the time without calling', async () => {
  answer();
  phrase = 'Computer';
  gate.phraseChanged();
  expect(await hear('And tomorrow?')).toBe('');
  expect(await hear('Computer, and tomorrow?')).toBe('And tomorrow?');
  gate.close();
  expect(clock.pendingCount).toBe(0);
});
