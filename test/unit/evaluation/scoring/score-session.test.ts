import { describe, expect, test } from 'vitest';
import { summariseBarges, summariseHolds, summariseTurns } from '../../../bench/scoring/summarise.ts';
import { SyntheticSession } from '../../bench/synthetic-session.ts';

const scoreOne = (session: SyntheticSession) => session.score()[session.clips[0]!.id]!;
const closeTo = (expectedMs: number) => expect.closeTo(expectedMs, 0);

describe('voice to voice', () => {
  test('runs from the last sample of speech to the first sample of the answer', () => {
    const session = new SyntheticSession(5).said('ask', 1, 2).agent(2.65, 4);
    expect(scoreOne(session)).toMatchObject({ answered: true, voiceToVoiceMs: closeTo(650), answerMs: closeTo(1350) });
  });

  test('moves with the label of the end', () => {
    const session = new SyntheticSession(5).said('ask', 1, 1.9).agent(2.65, 4);
    expect(scoreOne(session)).toMatchObject({ voiceToVoiceMs: closeTo(750) });
  });

  test('does not take a click, a dotted sound or a whisper below −50 dBFS for an answer', () => {
    const session = new SyntheticSession(6).said('ask', 1, 2);
    session.agent(2.3, 2.304, 0.5).agent(2.5, 2.52).agent(2.54, 2.56).agent(2.7, 3, 0.002).agent(3.234, 5);
    expect(scoreOne(session)).toMatchObject({ voiceToVoiceMs: closeTo(1234) });
  });

  test('is not there for a turn that got no answer before the next one', () => {
    const session = new SyntheticSession(9).said('ignored', 1, 2).said('next', 5, 6).agent(6.5, 8);
    expect(session.score().ignored).toMatchObject({ answered: false, voiceToVoiceMs: null, answerMs: null });
  });

  test('takes an answer that begins with the end of the recording for none', () => {
    const session = new SyntheticSession(3).said('ask', 1, 2).agent(2.97, 3);
    expect(scoreOne(session)).toMatchObject({ answered: false });
  });
});

describe('cut-ins', () => {
  test('are starts of the agent inside a turn, and the answer to the end of it counts besides', () => {
    const session = new SyntheticSession(7).said('cut', 1, 4).agent(2.5, 3).agent(4.8, 6);
    expect(scoreOne(session)).toMatchObject({
      cutInsMs: [closeTo(-1500)],
      soundingAtEnd: false,
      voiceToVoiceMs: closeTo(800),
    });
  });

  test('that last until the user ends leave no voice to voice', () => {
    const session = new SyntheticSession(7).said('cut', 1, 4).agent(3.5, 6);
    expect(scoreOne(session)).toMatchObject({
      cutInsMs: [closeTo(-500)],
      soundingAtEnd: true,
      answered: true,
      voiceToVoiceMs: null,
    });
  });

  test('are not the rest of an answer that was sounding before, nor the next word after a short gap', () => {
    const session = new SyntheticSession(9).said('over the answer', 2, 5).agent(1, 2.5).agent(2.65, 3);
    expect(scoreOne(session)).toMatchObject({ cutInsMs: [] });
  });
});

describe('interruptions', () => {
  const asked = () => new SyntheticSession(20).said('ask', 1, 2);

  test('end when the answer is silent, and what follows is an answer of its own', () => {
    const session = asked().agent(3, 5.31).said('stop', 5, 5.8, 'barge').agent(7, 8);
    expect(session.score()).toMatchObject({
      ask: { voiceToVoiceMs: closeTo(1000) },
      stop: { wasSounding: true, toSilenceMs: closeTo(310), yielded: true, voiceToVoiceMs: closeTo(1200) },
    });
  });

  test('have not silenced an answer that only pauses for less than a second', () => {
    const session = asked().agent(3, 6).agent(6.9, 9.5).said('stop', 5, 5.8, 'barge');
    expect(session.score().stop).toMatchObject({ toSilenceMs: closeTo(4500), yielded: false, answered: false });
  });

  test('are not yielded to when the next answer begins within a second of silence, which the first quiet tells', () => {
    const session = asked().agent(3, 5.2).said('stop', 5, 5.3, 'barge').agent(5.9, 9);
    expect(session.score().stop).toMatchObject({
      toFirstQuietMs: closeTo(200),
      toSilenceMs: closeTo(4000),
      yielded: false,
    });
  });

  test('said into silence count neither for nor against', () => {
    const session = asked().agent(3, 4).said('late', 5, 5.8, 'barge');
    expect(session.score().late).toMatchObject({ wasSounding: false, toSilenceMs: null, yielded: false });
    expect(summariseBarges(Object.values(session.score()))).toMatchObject({
      interruptions: 1,
      agentSounding: 0,
      yieldRate: null,
    });
  });
});

describe('holds', () => {
  const held = () => new SyntheticSession(20).said('ask', 1, 2);

  test('are kept when the answer goes on for three seconds, whatever its commas', () => {
    const session = held().agent(3, 6).agent(6.5, 11).said('mm-hm', 5, 5.4, 'hold');
    expect(session.score()['mm-hm']).toMatchObject({ outcome: 'kept', silentMs: null });
  });

  test('are kept when the answer lasts until the next clip, soon as it may come', () => {
    const session = held().agent(3, 11).said('mm-hm', 5, 5.4, 'hold').said('right', 7.9, 8.3, 'hold');
    expect(session.score()).toMatchObject({ 'mm-hm': { outcome: 'kept' }, right: { outcome: 'kept' } });
  });

  test('are not kept by an answer that is silent a second before the next clip', () => {
    const session = held().agent(3, 5.4).said('mm-hm', 5, 5.4, 'hold').said('right', 7.9, 8.3, 'hold');
    expect(session.score()['mm-hm']).toMatchObject({ outcome: 'stopped' });
  });

  test('are resumed when it is silent for a second and then goes on', () => {
    const session = held().agent(3, 5.4).agent(7.4, 13).said('mm-hm', 5, 5.4, 'hold');
    expect(session.score()['mm-hm']).toMatchObject({
      outcome: 'resumed',
      toSilenceMs: closeTo(400),
      silentMs: closeTo(2000),
    });
  });

  test('are stopped when nothing follows within four seconds', () => {
    const session = held().agent(3, 5.5).agent(9.8, 12).said('mm-hm', 5, 5.4, 'hold');
    expect(session.score()['mm-hm']).toMatchObject({ outcome: 'stopped' });
  });

  test('at which the agent was silent are not counted', () => {
    const session = held().agent(3, 4).said('mm-hm', 5, 5.4, 'hold');
    expect(summariseHolds(Object.values(session.score()))).toEqual({
      holds: 0,
      kept: 0,
      resumed: 0,
      stopped: 0,
      selectivity: null,
    });
  });
});

test('summaries count turns, answers and cut-ins apart from interruptions', () => {
  const session = new SyntheticSession(30)
    .said('plain', 1, 2)
    .agent(2.5, 4)
    .said('ignored', 6, 7)
    .said('cut', 12, 15)
    .agent(13, 13.5)
    .agent(16, 20)
    .said('stop', 18, 18.5, 'barge');
  expect(summariseTurns(Object.values(session.score()))).toMatchObject({
    turns: 3,
    answered: 2,
    responseRate: expect.closeTo(2 / 3),
    cutIns: 1,
    turnsWithCutIn: 1,
    soundingAtUserEnd: 0,
    within800Ms: 1,
    voiceToVoiceMs: { n: 2, p50: closeTo(750), min: closeTo(500), max: closeTo(1000) },
  });
});
