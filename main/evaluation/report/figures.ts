import { bootstrap, shareInterval } from '../scoring/intervals.ts';
import { statisticsOf } from '../scoring/statistics.ts';
import type { TurnResult } from '../../contract/evaluation-turn.ts';
import type { Figures } from '../../contract/evaluation-report.ts';

type Minutes = Figures['minutes'];

/** All figures of some turns. Turns of one session (suite, scenario, repetition) are one cluster of the intervals. */
export function figuresOf(turns: readonly TurnResult[], minutes: Minutes): Figures {
  const clusters = [...Map.groupBy(turns, (turn) => `${turn.suite}/${turn.scenario}/${turn.repetition}`).values()];
  const share = (values: (turn: TurnResult) => boolean | null) =>
    shareInterval(clusters.map((some) => some.map(values).filter((each) => each !== null)));
  const ratio = (part: (turn: TurnResult) => number, whole: (turn: TurnResult) => number) =>
    bootstrap(clusters, (some) => {
      const sum = some.reduce((total, turn) => total + whole(turn), 0);
      return sum === 0 ? null : some.reduce((total, turn) => total + part(turn), 0) / sum;
    });
  const v2v = (some: readonly TurnResult[]) => statisticsOf(some.map(({ voiceToVoiceMs }) => voiceToVoiceMs));
  const asked = turns.filter(({ as }) => as === 'turn' || as === 'interruption');
  const errors = ratio((turn) => turn.heardTruthErrors ?? 0, (turn) => turn.heardTruthWords); // prettier-ignore
  return {
    turns: turns.length,
    passed: turns.filter(({ passed }) => passed).length,
    passRate: share(({ passed }) => passed),
    voiceToVoiceMs: v2v(turns),
    voiceToVoiceP50: bootstrap(clusters, (some) => v2v(some).p50),
    voiceToVoiceP95: bootstrap(clusters, (some) => v2v(some).p95),
    responseRate: share((turn) => (turn.answerExpected ? turn.answerMs !== null || turn.soundingAtEnd : null)),
    takeoverRate: share(({ answerExpected, tookFloor }) => (answerExpected ? tookFloor : null)),
    cutInRate: share(({ as, cutIns }) => (as === 'turn' ? cutIns > 0 : null)),
    interruptions: asked.filter(({ yielded }) => yielded !== null).length,
    yieldRate: share(({ yielded }) => yielded),
    toSilenceMs: statisticsOf(turns.filter(({ yielded }) => yielded !== null).map(({ toSilenceMs }) => toSilenceMs)),
    backchannels: turns.filter(({ selective }) => selective !== null).length,
    selectivity: share(({ selective }) => selective),
    wordErrorRate: ratio((turn) => turn.wordErrors ?? 0, (turn) => (turn.wordErrors === null ? 0 : turn.referenceWords)), // prettier-ignore
    heardTruth: errors && { value: 1 - errors.value, low: 1 - errors.high, high: 1 - errors.low },
    toolAccuracy: ratio(({ toolsRight }) => toolsRight, ({ toolsExpected }) => toolsExpected), // prettier-ignore
    unaskedCalls: turns.reduce((sum, { toolsUnasked }) => sum + toolsUnasked, 0),
    llmFreeShare: share(({ answeredBy }) =>
      answeredBy === null ? null : answeredBy === 'cache' || answeredBy === 'skill',
    ),
    suspects: countSuspects(turns),
    minutes,
  };
}

function countSuspects(turns: readonly TurnResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { suspect } of turns) if (suspect) counts[suspect.stage] = (counts[suspect.stage] ?? 0) + 1;
  return counts;
}
