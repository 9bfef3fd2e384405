import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TurnTiming } from '../../../main/contract/state.ts';
import { duration, milliseconds } from '../../../renderer/lib/timing-words.ts';
import { waterfallOf } from '../../../renderer/lib/waterfall.ts';

const NAMES = [
  'first-partial',
  'anticipated',
  'reading-asked',
  'reading',
  'answer-started',
  'source',
  'first-token',
  'first-clause',
  'first-audio',
  'endpoint',
  'queued',
];

function timing(marks: Record<string, number>, voiceToVoiceMs: number | null = marks['audible'] ?? null): TurnTiming {
  return { marks: Object.entries(marks).map(([name, atMs]) => ({ name, atMs })), voiceToVoiceMs };
}

describe('the waterfall of a turn', () => {
  it('explains every millisecond, whatever the marks: its parts follow each other and add up to voice-to-voice', () => {
    const at = fc.integer({ min: -20_000, max: 40_000 }).map((tenths) => tenths / 10);
    const marks = fc.dictionary(fc.constantFrom(...NAMES), at);
    fc.assert(
      fc.property(marks, fc.integer({ min: 1, max: 50_000 }), (some, tenths) => {
        const totalMs = tenths / 10;
        const { parts } = waterfallOf(timing({ ...some, audible: totalMs }))!;
        expect(parts[0]!.fromMs).toBe(0);
        parts.slice(1).forEach((part, i) => expect(part.fromMs).toBe(parts[i]!.toMs));
        expect(parts.at(-1)!.toMs).toBe(totalMs);
        const shown = parts.reduce((sum, part) => sum + parseInt(duration(part), 10), 0);
        expect(`${shown} ms`).toBe(milliseconds(totalMs));
      }),
    );
  });

  it('counts work that was done before the end of the turn as no wait, and shows it as overlapping', () => {
    const waterfall = waterfallOf(
      {
        ...timing({
          'first-partial': -900,
          anticipated: -800,
          'reading-asked': 122,
          reading: 230,
          'answer-started': 96,
          source: 97,
          'first-token': 180,
          'first-clause': 260,
          'first-audio': 330,
          endpoint: 420,
          queued: 421,
          audible: 470,
        }),
        end: { policy: 'semantic', shape: 'question', completeProbability: 0.3 },
      },
      'model',
    )!;
    expect(waterfall.parts.map(({ label, fromMs, toMs }) => [label, toMs - fromMs])).toEqual([
      ['Silence is noticed', 122],
      ['The words are read', 108],
      ['Waiting for more words', 190],
      ['Handed to the loudspeaker', 1],
      ['The loudspeaker begins', 49],
    ]);
    expect(waterfall.parts[2]!.note).toBe('a question or request; sounds unfinished: 0.30');
    expect(waterfall.fromMs).toBe(-900);
    expect(waterfall.work.find(({ label }) => label.startsWith('Model until'))).toMatchObject({
      fromMs: 96,
      toMs: 180,
    });
  });

  it('shows what the user waited for when the end was certain before the answer', () => {
    const { parts } = waterfallOf(
      timing({
        'reading-asked': 100,
        reading: 200,
        endpoint: 200,
        'answer-started': 201,
        source: 203,
        'first-token': 500,
        'first-clause': 640,
        'first-audio': 700,
        queued: 701,
        audible: 750,
      }),
      'model',
    )!;
    expect(parts.map(({ label }) => label)).toContain("The model's first word");
    expect(parts.find(({ label }) => label === 'Finding who answers')?.note).toBe('the language model');
  });

  it('calls the pause before an answer that is known at once by its name', () => {
    const { parts } = waterfallOf(timing({ endpoint: 120, 'first-audio': 122, queued: 200, audible: 230 }), 'cache')!;
    expect(parts.find(({ label }) => label === 'A natural pause')).toMatchObject({ fromMs: 122, toMs: 200 });
  });

  it('is none for a notice, which follows no speech', () => {
    expect(waterfallOf(timing({ 'first-audio': 3 }, null))).toBeNull();
  });
});
