import type { RecordedAnswer } from './heard-turns.ts';

/** A turn whose clip is cut: where its speech lies in the captured sound, by the rule with which the runner labels it again. */
export interface CutTurn {
  audio: string;
  text: string;
  speechFrom: number;
  speechTo: number;
}

/** What a scenario file says of one turn. */
export interface WrittenTurn {
  audio: string;
  text: string;
  as?: 'interruption';
  after?: 'answer' | 'answer-start' | 'speech';
  delay_ms?: number;
  /** What was heard after it, for the comment. */
  heardThen: string;
}

/** The runner takes an answer for over after so much silence, and counts the delay from there. */
const ANSWER_OVER_MS = 1200;
/** Of the file's shape. */
const MAX_DELAY_MS = 60_000;
const DELAY_STEP_MS = 10;

/**
 * The moments of a conversation as a scenario says them: an interruption by its moment in the answer, other turns by the pause after the answer
 * before, or after the user's own words where no answer came between.
 */
export function writtenTurns(options: {
  turns: readonly CutTurn[];
  answers: readonly RecordedAnswer[];
  sampleRateHz: number;
}): WrittenTurn[] {
  const { turns, answers, sampleRateHz } = options;
  const ms = (samples: number): number => (samples / sampleRateHz) * 1000;
  return turns.map((turn, i) => {
    const { audio, text } = turn;
    const heardThen = heardBetween(answers, turn.speechFrom, turns[i + 1]?.speechFrom ?? Infinity);
    const before = turns[i - 1];
    if (!before) return { audio, text, heardThen };
    const answer = answers.findLast(({ from }) => from < turn.speechFrom);
    const cameBetween = answer !== undefined && answer.from >= before.speechTo;
    const sounded = answer !== undefined && answer.to > turn.speechFrom;
    return {
      audio,
      text,
      ...(sounded ? { as: 'interruption' as const } : {}),
      ...momentOf({ turn, before, answer: cameBetween ? answer : undefined, sounded, ms }),
      heardThen,
    };
  });
}

function momentOf(options: {
  turn: CutTurn;
  before: CutTurn;
  /** That came between the two. */
  answer: RecordedAnswer | undefined;
  sounded: boolean;
  ms(samples: number): number;
}): Required<Pick<WrittenTurn, 'after' | 'delay_ms'>> {
  const { turn, before, answer, sounded, ms } = options;
  if (!answer) return { after: 'speech', delay_ms: delay(ms(turn.speechFrom - before.speechTo)) };
  if (sounded) return { after: 'answer-start', delay_ms: delay(ms(turn.speechFrom - answer.from)) };
  return { after: 'answer', delay_ms: delay(ms(turn.speechFrom - answer.to) - ANSWER_OVER_MS) };
}

function delay(ms: number): number {
  return Math.round(Math.min(MAX_DELAY_MS, Math.max(0, ms)) / DELAY_STEP_MS) * DELAY_STEP_MS;
}

function heardBetween(answers: readonly RecordedAnswer[], from: number, to: number): string {
  return answers
    .filter((answer) => answer.from >= from && answer.from < to)
    .map(({ heard }) => heard.trim())
    .join(' ');
}
