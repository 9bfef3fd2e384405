import { expect, test } from 'vitest';
import { overlapFigures, shortFigures, turnFigures } from '../../../bench/turn-matrix/report/summary.ts';
import type { MeasuredHold } from '../../../bench/turn-matrix/session/overlaps.ts';
import type { MeasuredTurn } from '../../../bench/turn-matrix/session/turns.ts';

function turn(over: Omit<Partial<MeasuredTurn>, 'own'> & { own?: Partial<MeasuredTurn['own']> } = {}): MeasuredTurn {
  const { own, ...rest } = over;
  return {
    kind: 'turn',
    wasSounding: false,
    id: 'a turn',
    turnKind: 'question',
    source: 'made',
    answered: true,
    voiceToVoiceMs: 400,
    cutInsMs: [],
    soundingAtEnd: false,
    answerMs: 700,
    fromSeconds: 0,
    toSeconds: 1,
    ...rest,
    own: { endsInsideSpeech: 0, endpointDelayMs: 250, text: 'yes', wordErrors: 0, referenceWords: 4, ...own },
  };
}

function hold(over: Partial<MeasuredHold>): MeasuredHold {
  const common = {
    kind: 'hold',
    id: 'h',
    wasSounding: true,
    toSilenceMs: 4000,
    outcome: 'kept',
    silentMs: null,
  } as const;
  return { ...common, overlapKind: 'cough', drewTurn: false, ...over };
}

test('a turn that was cut into counts once, and ends that nobody heard count apart', () => {
  const figures = turnFigures([
    turn({ cutInsMs: [-900, -300], own: { endsInsideSpeech: 2 } }),
    turn({ own: { endsInsideSpeech: 1 } }),
    turn(),
    turn({ answered: false, voiceToVoiceMs: null }),
  ]);
  expect(figures).toMatchObject({ turns: 4, cutIns: 0.25, endsInside: 0.5, responseRate: 0.75 });
});

test('the word error rate leaves out turns without a reference', () => {
  const own = { wordErrors: null, referenceWords: 0 };
  expect(turnFigures([turn({ own: { wordErrors: 1 } }), turn({ own })]).wordErrorRate).toBe(0.25);
  expect(turnFigures([turn({ own })]).wordErrorRate).toBeNull();
});

test('a sound under which the answer went on, but which was taken for a turn, was not kept out', () => {
  const { selectivity, byKind } = overlapFigures({ barges: [], holds: [hold({}), hold({ drewTurn: true })] });
  expect(selectivity).toBe(0.5);
  expect(byKind).toEqual({ cough: { kept: 1, of: 2 } });
});

test('sounds that found no answer to be heard under count for nothing', () => {
  expect(overlapFigures({ barges: [], holds: [hold({ wasSounding: false })] })).toMatchObject({
    holds: 0,
    selectivity: null,
  });
});

test('a short turn is lost when it is neither written down nor answered', () => {
  const figures = shortFigures([
    turn({ id: 'lost', answered: false, own: { text: '' } }),
    turn({ id: 'only heard', answered: false }),
    turn({ id: 'yes', own: { text: 'Yeah.', wordErrors: 1 } }),
  ]);
  expect(figures).toMatchObject({ lost: ['lost'], unanswered: 2, misheard: ['yes: Yeah.'] });
});
