import type { SerialisedError, Stage } from '../../contract/errors.ts';
import type { SuspectStage, TurnResult } from '../../contract/evaluation-turn.ts';
import { heardTruth, type Stretch } from './heard-truth.ts';

/** Of the turn's words; below, an answer that is wrong is hardly the recogniser's fault. */
const MISHEARD_RATE = 0.4;
const MISHEARD_WORDS = 2;
/** Of the words that the app says were heard. */
const UNHEARD_RATE = 0.6;

/**
 * Which stage to look at first, for a turn that has not passed. The first of these rules that holds (docs/evaluation.md explains them):
 * a stage has reported a failure; a tool did not work; the app says that it spoke and the recording is silent or says other words; the user
 * was misheard; the agent took or kept the floor wrongly; the answer was late, then the stage that took longest; else the model's words.
 */
export function suspectStage(
  result: Omit<TurnResult, 'suspect'>,
  // The words of all turns that the answer lasted over.
  { failures, stretch }: { failures: readonly SerialisedError[]; stretch: Stretch },
): TurnResult['suspect'] {
  if (result.passed) return null;
  const failure = failures[0];
  if (failure) return { stage: stageOf(failure.stage), why: `it reported ${failure.code}` };
  const broken = result.toolCalls.find(({ broke }) => broke);
  if (broken) return { stage: 'tool', why: `${broken.name} was called and did not work` };
  const unspoken = spokenOtherwise(result, stretch);
  if (unspoken) return { stage: 'speak', why: unspoken };
  const { wordErrors: errors, referenceWords, ownUserText } = result;
  if (
    errors !== null &&
    errors >= Math.min(MISHEARD_WORDS, referenceWords) &&
    errors > MISHEARD_RATE * referenceWords
  ) {
    return { stage: 'listen', why: `of "${result.text}" it understood "${ownUserText}"` };
  }
  const failed = new Set(result.checks.filter(({ passed }) => !passed).map(({ kind }) => kind));
  if (failed.has('cut-in')) return { stage: 'turn-taking', why: 'it spoke before the user had finished' };
  if (failed.has('yields')) return { stage: 'turn-taking', why: 'it went on under an interruption' };
  if (failed.has('goes-on')) return { stage: 'turn-taking', why: 'it took a sound for a turn' };
  if (failed.has('tools') || failed.has('says') || failed.has('never-says')) {
    return { stage: 'think', why: 'the words were understood and the answer is wrong' };
  }
  if (failed.has('answer')) return silentStage(result);
  return slowestStage(result);
}

function spokenOtherwise({ ownText, answerMs }: Omit<TurnResult, 'suspect'>, stretch: Stretch): string | null {
  const { ownHeard, agentWords } = stretch;
  if (answerMs === null && ownText.trim() !== '' && agentWords === '') return 'it had words and nothing was heard';
  if (ownHeard === '' || agentWords === '') return null;
  const { errors, referenceWords } = heardTruth(stretch)!;
  return errors > UNHEARD_RATE * referenceWords && errors > 2
    ? `it says that "${ownHeard}" was heard, the recording has "${agentWords}"`
    : null;
}

function silentStage({ ownUserText, answerMs }: Omit<TurnResult, 'suspect'>): TurnResult['suspect'] {
  if (answerMs !== null) return { stage: 'turn-taking', why: 'it answered what needed no answer, or hardly answered' };
  if (ownUserText === '') return { stage: 'listen', why: 'nothing was understood' };
  if (ownUserText === null)
    return { stage: 'app', why: 'nothing came back, and nothing is known of what was understood' };
  return { stage: 'think', why: 'the words were understood and no answer was made' };
}

function slowestStage({ stages }: Omit<TurnResult, 'suspect'>): TurnResult['suspect'] {
  const longest = stages.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0];
  if (!longest) return { stage: 'app', why: 'late, and no marks say where the time went' };
  const tookMs = Math.round(longest.toMs - longest.fromMs);
  return { stage: longest.stage, why: `late: ${tookMs} ms until ${longest.mark}` };
}

function stageOf(stage: Stage): SuspectStage {
  switch (stage) {
    case 'models':
    case 'transport':
    case 'app':
      return 'app';
    default:
      return stage;
  }
}
