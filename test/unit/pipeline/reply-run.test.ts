import { describe, expect, it } from 'vitest';
import type { AnswerSource } from '../../../main/contract/state.ts';
import { Timeline } from '../../../main/domain/conversation/timeline.ts';
import { ReplyRun } from '../../../main/pipeline/reply-run.ts';
import type { ReplyPiece } from '../../../main/ports/responder.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeTts } from '../../fakes/fake-tts.ts';

/** The moment at which the loudspeaker got the first audio, and whether what the answer does was done. */
async function answered(options: {
  source: AnswerSource;
  spokenAtMs: number;
  releasedAtMs: number;
  isTyped?: boolean;
}) {
  const clock = new FakeClock(options.spokenAtMs);
  const timeline = new Timeline();
  const seen = { playedAtMs: null as number | null, isDone: false };
  const audio = { pcm: new Float32Array(100), sampleRateHz: 16_000 };
  const run = new ReplyRun({
    answerNumber: 1,
    turnId: 1,
    request: { history: [], userText: 'hello' },
    speculative: true,
    responder: {
      async *respond(): AsyncIterable<ReplyPiece> {
        yield { type: 'source', source: options.source };
        yield { type: 'effect', effect: { apply: () => () => {} } };
        yield { type: 'text', text: 'Hi.' };
        yield { type: 'clause', clause: { text: 'Hi.', startChar: 0, endChar: 3 }, audio };
      },
    },
    tts: new FakeTts(),
    loudspeaker: {
      play: async () => void (seen.playedAtMs ??= clock.nowMs()),
      endAnswer: () => {},
      stopAnswer: async () => 0,
      setHeld: () => {},
    },
    clock,
    timeline,
    naturalPauseMs: 200,
    onProgress: () => {},
    onKnown: () => {},
    onAudible: () => {},
    onApplied: () => (seen.isDone = true),
    onEnded: () => {},
  });
  await clock.advanceAsync(options.releasedAtMs - options.spokenAtMs);
  timeline.speechEndedAt(options.spokenAtMs, { isTyped: options.isTyped ?? false });
  run.release();
  return { clock, run, seen };
}

describe('the natural pause before an answer that is known at once', () => {
  it.each([
    ['waits so long that it sounds when it is over', { source: 'cache', spokenAtMs: 1000, releasedAtMs: 1030 }, 1070],
    [
      'adds nothing to a turn that took as long to end',
      { source: 'skill', spokenAtMs: 1000, releasedAtMs: 1450 },
      1450,
    ],
    ['is not for the model', { source: 'model', spokenAtMs: 1000, releasedAtMs: 1090 }, 1090],
    ['is not for typed turns', { source: 'cache', spokenAtMs: 1000, releasedAtMs: 1000, isTyped: true }, 1000],
  ] as const)('%s', async (_, options, playedAtMs) => {
    const { clock, seen } = await answered(options);
    await clock.advanceAsync(1000);
    expect(seen.playedAtMs).toBe(playedAtMs);
  });

  it('does nothing of the answer while the user may still go on', async () => {
    const { clock, run, seen } = await answered({ source: 'skill', spokenAtMs: 1000, releasedAtMs: 1030 });
    await clock.advanceAsync(20);
    run.interrupt('superseded');
    await clock.advanceAsync(1000);
    expect(seen).toEqual({ playedAtMs: null, isDone: false });
  });
});
