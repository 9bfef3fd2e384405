import { describe, expect, it } from 'vitest';
import { readyState } from '../../fakes/fake-app-server.ts';
import { floorWords } from '../../../renderer/lib/floor-words.ts';
import { STROKE_COUNT, strokeOf, type Stroke } from '../../../renderer/lib/flock.ts';
import { partsToMention } from '../../../renderer/lib/part-words.ts';
import { shortcutOf } from '../../../renderer/lib/shortcut.ts';
import { spokenText } from '../../../renderer/lib/spoken-text.ts';
import { timingSteps } from '../../../renderer/lib/timing-words.ts';

const FLOORS = ['starting', 'listening', 'hearing', 'thinking', 'speaking', 'off', 'disconnected'] as const;

describe('the text of an answer while it is spoken', () => {
  const text = 'Low flame, twelve minutes.';

  it('marks the word at the loudspeaker', () => {
    expect(spokenText({ text, heardChars: 6, status: 'speaking' })).toEqual({
      heard: 'Low ',
      current: 'flame,',
      upcoming: ' twelve minutes.',
      unheard: '',
    });
  });

  it('strikes what was never heard of an interrupted answer, from the very character', () => {
    expect(spokenText({ text, heardChars: 10, status: 'interrupted' })).toMatchObject({
      heard: 'Low flame, ',
      unheard: 'twelve minutes.',
    });
    expect(spokenText({ text, heardChars: 6, status: 'interrupted' })).toMatchObject({
      unheard: 'ame, twelve minutes.',
    });
  });

  it('shows nothing as heard before the first sound, however much is written', () => {
    expect(spokenText({ text: 'One two', heardChars: 0, status: 'thinking' })).toMatchObject({
      heard: '',
      upcoming: 'One two',
    });
  });

  it('loses no character at any position', () => {
    for (const status of ['speaking', 'interrupted', 'done', 'failed', 'thinking'] as const) {
      for (let heardChars = -1; heardChars <= text.length + 1; heardChars++) {
        const { heard, current, upcoming, unheard } = spokenText({ text, heardChars, status });
        expect(heard + current + upcoming + unheard).toBe(text);
      }
    }
  });
});

describe('the form of the floor', () => {
  const history = new Float32Array(STROKE_COUNT).fill(0.5);
  const figure = (floor: (typeof FLOORS)[number]): Stroke[] =>
    Array.from({ length: STROKE_COUNT }, (_, index) =>
      strokeOf(index, { floor, timeSec: 0.3, inputHistory: history, outputHistory: history }),
    );
  /** Mean distance between the same stroke's ends in two figures, in halves of the canvas. */
  const difference = (a: Stroke[], b: Stroke[]): number =>
    a.reduce(
      (sum, stroke, i) => sum + Math.hypot(stroke.x - b[i]!.x, stroke.y - b[i]!.y, stroke.length - b[i]!.length),
      0,
    ) / STROKE_COUNT;

  it('stays inside its canvas in every state, as loud as can be', () => {
    const loud = new Float32Array(STROKE_COUNT).fill(1);
    for (const floor of FLOORS) {
      for (let index = 0; index < STROKE_COUNT; index++) {
        const { x, y, angle, length, width } = strokeOf(index, {
          floor,
          timeSec: 1,
          inputHistory: loud,
          outputHistory: loud,
        });
        const reach = (offset: number, along: number): number =>
          Math.abs(offset) + (Math.abs(along) * length + width) / 2;
        expect(Math.max(reach(x, Math.cos(angle)), reach(y, Math.sin(angle)))).toBeLessThanOrEqual(1);
      }
    }
  });

  it('has another outline in every state when nothing moves and colours are left out', () => {
    for (const [i, a] of FLOORS.entries()) {
      for (const b of FLOORS.slice(i + 1))
        expect(difference(figure(a), figure(b)), `${a} and ${b}`).toBeGreaterThan(0.08);
    }
  });
});

describe('words', () => {
  it('are different for every state of the floor', () => {
    const labels = FLOORS.map((floor) => floorWords(floor, readyState(), 'connected').label);
    expect(new Set(labels).size).toBe(FLOORS.length);
  });

  it('name a part that restarts and keep quiet about parts that work', () => {
    const children = readyState().children.map((child) =>
      child.name === 'speak' ? { ...child, status: 'restarting' as const } : child,
    );
    expect(partsToMention(children)).toEqual([{ name: 'speak', text: 'Voice is restarting' }]);
  });

  it('let each mark end the step that the mark before it began', () => {
    const marks = [
      { name: 'audible', atMs: 800 },
      { name: 'reading', atMs: 200 },
    ];
    expect(timingSteps({ marks, voiceToVoiceMs: 800 })).toEqual([
      { label: 'Words recognised', fromMs: 0, toMs: 200 },
      { label: 'Sound out', fromMs: 200, toMs: 800 },
    ]);
  });
});

describe('keys', () => {
  const plain = { hasModifier: false, typing: false, onControl: false, overlayOpen: false };

  it('talk, stop and mute from anywhere that does not need them itself', () => {
    expect(shortcutOf({ ...plain, key: ' ' })).toBe('talk');
    expect(shortcutOf({ ...plain, key: 'Escape' })).toBe('stop');
    expect(shortcutOf({ ...plain, key: 'm' })).toBe('toggle-mute');
  });

  it('leave typing, focused controls, open lists and the browser’s own shortcuts alone', () => {
    expect(shortcutOf({ ...plain, key: ' ', typing: true })).toBeUndefined();
    expect(shortcutOf({ ...plain, key: 'm', typing: true })).toBeUndefined();
    expect(shortcutOf({ ...plain, key: ' ', onControl: true })).toBeUndefined();
    expect(shortcutOf({ ...plain, key: 'Escape', overlayOpen: true })).toBeUndefined();
    expect(shortcutOf({ ...plain, key: 'm', hasModifier: true })).toBeUndefined();
  });

  it('stop while typing, too', () => {
    expect(shortcutOf({ ...plain, key: 'Escape', typing: true })).toBe('stop');
  });
});
