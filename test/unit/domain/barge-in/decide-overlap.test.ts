import { describe, expect, it } from 'vitest';
import { decideOverlap, type OverlapEvidence } from '../../../../main/domain/barge-in/decide-overlap.ts';

const evidence = (change: Partial<OverlapEvidence>): OverlapEvidence => ({
  text: null,
  echoes: false,
  isFarOff: false,
  voiceProbability: 0.95,
  answerSounds: true,
  speechMs: 300,
  stillTalking: true,
  silenceMs: 0,
  mustDecide: false,
  ...change,
});

describe('speech during an answer', () => {
  it.each(['Mm-hmm.', 'Mhm', 'Uh-huh', 'Yeah.', 'Right, right.', 'Okay', 'I see.', 'Oh wow', 'Hmm'])('"%s" leaves the floor to the answer', (text) => {
    expect(decideOverlap(evidence({ text, stillTalking: false }))).toBe('go-on');
  });

  it.each(['Stop.', 'wait', 'Hold on', "No, that's not it", 'Okay, stop', 'Actually', 'Hey'])('"%s" takes the floor at once', (text) => {
    expect(decideOverlap(evidence({ text }))).toBe('yield');
  });

  it.each(['what about Thursday', 'yeah but I meant Thursday'])('two words that say something take it: "%s"', (text) => {
    expect(decideOverlap(evidence({ text, speechMs: 800 }))).toBe('yield');
    expect(decideOverlap(evidence({ text, speechMs: 300 })), 'half a word may be anything').toBe('wait');
  });

  it('of one word that says something is waited for, and takes it when nothing follows', () => {
    expect(decideOverlap(evidence({ text: 'Thursday' }))).toBe('wait');
    expect(decideOverlap(evidence({ text: 'Thursday', stillTalking: false }))).toBe('yield');
  });

  it('without words is a noise when nothing follows it', () => {
    expect(decideOverlap(evidence({ text: '', stillTalking: false, silenceMs: 100 }))).toBe('wait');
    expect(decideOverlap(evidence({ text: '', stillTalking: false, silenceMs: 400 }))).toBe('go-on');
    expect(decideOverlap(evidence({ text: '', mustDecide: true }))).toBe('go-on');
  });

  it('not yet read is judged by its length when time is up', () => {
    expect(decideOverlap(evidence({}))).toBe('wait');
    expect(decideOverlap(evidence({ mustDecide: true, speechMs: 200 }))).toBe('go-on');
    expect(decideOverlap(evidence({ mustDecide: true, speechMs: 600 }))).toBe('yield');
  });

  it('from far off goes on without its words being waited for, unless they are "stop"', () => {
    const far = (change: Partial<OverlapEvidence>) => decideOverlap(evidence({ isFarOff: true, ...change }));
    expect(far({ speechMs: 96 }), 'the beginning of a word is soft').toBe('wait');
    expect(far({ speechMs: 224 })).toBe('go-on');
    expect(far({ text: 'and then he said to her', mustDecide: true })).toBe('go-on');
    expect(far({ text: 'Stop, please.' })).toBe('yield');
  });

  it('that the loudspeaker has said itself is no interruption', () => {
    expect(decideOverlap(evidence({ text: 'wait for the water to boil', echoes: true }))).toBe('go-on');
  });

  it('is no nod while nothing is being said yet, unless it is a hum', () => {
    const thinking = (text: string) => decideOverlap(evidence({ text, answerSounds: false, stillTalking: false }));
    expect(thinking('Yes.')).toBe('yield');
    expect(thinking('Okay')).toBe('yield');
    expect(thinking('Mm-hmm.')).toBe('go-on');
  });

  it('not yet read that hardly sounds like a voice is music or laughter', () => {
    expect(decideOverlap(evidence({ mustDecide: true, speechMs: 600, voiceProbability: 0.65 }))).toBe('go-on');
  });
}); // prettier-ignore
