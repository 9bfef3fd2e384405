import { samplesOf, type MatrixSession } from './matrix-session.ts';

/** What an assistant that hears itself does. */
export interface MeasuredTalk {
  /** Of the loudspeaker's sound, pauses of under a second between words included. */
  talkSeconds: number;
  answers: number;
  /** Answers that did not reach their end. */
  interrupted: number;
  /** Turns of a user who was not there. */
  heardTurns: number;
  /** Times at which words of such a user were shown, if only for a moment. */
  heardWords: number;
  /** Times at which an answer was held because somebody seemed to speak. */
  held: number;
}

const REQUEST = 'Tell me a long story, please.';
const LIMIT_SECONDS = 40;
const END_OF_ANSWER_SECONDS = 1.2;

/** Lets the app speak alone, one long answer after another, until it has spoken for so long. */
export async function measureTalk(
  session: MatrixSession,
  seconds: number,
  onAnswer: () => void,
): Promise<MeasuredTalk> {
  const { bus } = session;
  const talk: MeasuredTalk = { talkSeconds: 0, answers: 0, interrupted: 0, heardTurns: 0, heardWords: 0, held: 0 };
  while (talk.talkSeconds < seconds) {
    const asked = bus.now;
    session.type(REQUEST);
    const began = await bus.until(() => bus.recording.loudFramesSince(asked) > 5, LIMIT_SECONDS);
    if (!began) throw new Error('an answer did not begin');
    const from = bus.now;
    await session.untilQuiet(END_OF_ANSWER_SECONDS, LIMIT_SECONDS);
    talk.talkSeconds += (bus.now - from) / samplesOf(1) - END_OF_ANSWER_SECONDS;
    talk.answers++;
    onAnswer();
  }
  const last = new Map(session.seen.map(({ line }) => [line.id, line]));
  for (const line of last.values()) {
    if (line.role === 'agent' && line.status !== 'done') talk.interrupted++;
    if (line.role === 'user' && line.source === 'voice' && line.status === 'final') talk.heardTurns++;
  }
  talk.heardWords = session.seen.filter(({ line }) => line.role === 'user' && line.source === 'voice').length;
  talk.held = session.floors.filter(({ floor }) => floor === 'hearing').length;
  return talk;
}
