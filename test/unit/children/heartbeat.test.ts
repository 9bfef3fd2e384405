import { expect, it } from 'vitest';
import { Heartbeat } from '../../../main/children/heartbeat.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const limits = {
  intervalMs: 100,
  warnMisses: 2,
  killMisses: 4,
  threadWarnMisses: 5,
  threadKillMisses: 8,
  suspectKillMisses: 2,
};

function watched(answers: { process: boolean; thread: boolean }) {
  const clock = new FakeClock();
  const seen: string[] = [];
  const heartbeat: Heartbeat = new Heartbeat({
    clock,
    limits,
    events: {
      ping(seq) {
        if (answers.process) heartbeat.pong(seq);
        if (answers.thread) heartbeat.threadPong(seq);
      },
      onResponsive: (responsive) => seen.push(`${clock.nowMs()} ${responsive ? 'answers' : 'silent'}`),
      onDead: (part) => seen.push(`${clock.nowMs()} ${part} dead`),
    },
  });
  heartbeat.start();
  return { clock, heartbeat, seen };
}

it('says nothing while everything answers', () => {
  const { clock, seen } = watched({ process: true, thread: true });
  clock.advance(100_000);
  expect(seen).toEqual([]);
});

it('warns after two unanswered pings and gives the process up after four', () => {
  const { clock, seen } = watched({ process: false, thread: false });
  clock.advance(10_000);
  expect(seen).toEqual(['200 silent', '500 process dead']);
  expect(clock.pendingCount).toBe(0);
});

it('takes the warning back when the process answers again', () => {
  const answers = { process: false, thread: true };
  const { clock, seen } = watched(answers);
  clock.advance(300);
  answers.process = true;
  clock.advance(10_000);
  expect(seen).toEqual(['200 silent', '400 answers']);
});

it('bears with a busy thread for longer than with the process, and gives it up in the end', () => {
  const { clock, seen } = watched({ process: true, thread: false });
  clock.advance(10_000);
  expect(seen).toEqual(['500 silent', '900 thread dead']);
});

it('gives a suspected thread only a short grace', () => {
  const { clock, heartbeat, seen } = watched({ process: true, thread: false });
  clock.advance(150);
  heartbeat.suspectThread();
  clock.advance(10_000);
  expect(seen).toEqual(['150 silent', '300 thread dead']);
});

it('clears a suspected thread as soon as it answers', () => {
  const { clock, heartbeat, seen } = watched({ process: true, thread: true });
  clock.advance(150);
  heartbeat.suspectThread();
  clock.advance(10_000);
  expect(seen).toEqual(['150 silent', '150 answers']);
});
