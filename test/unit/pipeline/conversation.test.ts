import { expect, test } from 'vitest';
import { ParleyError, type SerialisedError } from '../../../main/contract/errors.ts';
import type { TranscriptLine } from '../../../main/contract/state.ts';
import { deferred } from '../../../main/lib/deferred.ts';
import { Conversation } from '../../../main/pipeline/conversation.ts';
import type { AudioBus, CaptureFrame } from '../../../main/ports/audio-devices.ts';
import { FakeArchitecture } from '../../fakes/fake-architecture.ts';

const FRAME_SAMPLES = 160;
const unreachable = new ParleyError({ code: 'endpoint-unreachable', stage: 'think' });

function setUp() {
  const local = new FakeArchitecture('local');
  const hosted = new FakeArchitecture('hosted');
  const lines = new Map<string, TranscriptLine>();
  const failures: SerialisedError[] = [];
  const changes: string[] = [];
  const played: number[] = [];
  const bus: Pick<AudioBus, 'play' | 'endAnswer' | 'stopAnswer' | 'setHeld'> = {
    play: (answerNumber) => {
      played.push(answerNumber);
      return Promise.resolve();
    },
    endAnswer() {},
    stopAnswer: () => Promise.resolve(0),
    setHeld() {},
  };
  const conversation = new Conversation({
    architecture: local,
    fallback: local,
    bus: bus as AudioBus,
    inputMode: 'hands-free',
    stamp: () => '2026-01-01T00:00:00.000Z',
    events: {
      onFloor() {},
      onLine: (line) => lines.set(line.id, line),
      onLinesRemoved: (ids) => ids.forEach((id) => lines.delete(id)),
      onFailure: (error) => failures.push(error),
      onArchitecture: ({ id }, isSwitching) => changes.push(isSwitching ? `to ${id}` : id),
    },
  });
  return { local, hosted, conversation, lines, failures, changes, played };
}

/** Everything that waits for nothing from outside has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function frame(index: number): CaptureFrame {
  return { startSample: index * FRAME_SAMPLES, samples: new Float32Array(FRAME_SAMPLES) };
}

test('a switch carries over what was heard, the mute and a held key', async () => {
  const { local, hosted, conversation, changes } = setUp();
  await conversation.begin();
  local.session.history = [{ user: 'hello', heard: 'Hi there.' }];
  conversation.setMuted(true);
  conversation.pushToTalk(true);
  await conversation.switchTo(hosted);
  expect(local.session.isClosed).toBe(true);
  expect(hosted.session.history).toEqual([{ user: 'hello', heard: 'Hi there.' }]);
  expect([hosted.session.isMuted, hosted.session.isHeld]).toEqual([true, true]);
  expect(changes).toEqual(['to hosted', 'hosted']);
});

test('history is asked for after the old session has silenced its answer', async () => {
  const { local, hosted, conversation } = setUp();
  await conversation.begin();
  const silenced = deferred<void>();
  local.session.closing = silenced;
  const switched = conversation.switchTo(hosted);
  local.session.history = [{ user: 'tell me', heard: 'Once up' }];
  silenced.resolve();
  await switched;
  expect(hosted.session.history).toEqual([{ user: 'tell me', heard: 'Once up' }]);
});

test('sound and typed turns that come in during a switch reach the next session', async () => {
  const { hosted, conversation } = setUp();
  await conversation.begin();
  const connected = deferred<void>();
  hosted.opening = connected.promise;
  const switched = conversation.switchTo(hosted);
  await settled();
  conversation.onCapture([frame(7), frame(8)]);
  conversation.say('are you there?');
  connected.resolve();
  await switched;
  expect(hosted.session.pushed.map(({ startSample }) => startSample / FRAME_SAMPLES)).toEqual([7, 8]);
  expect(hosted.session.said).toEqual(['are you there?']);
});

test('of a long switch the newest five seconds of sound are kept', async () => {
  const { hosted, conversation } = setUp();
  await conversation.begin();
  const connected = deferred<void>();
  hosted.opening = connected.promise;
  const switched = conversation.switchTo(hosted);
  await settled();
  for (let i = 0; i < 700; i++) conversation.onCapture([frame(i)]);
  connected.resolve();
  await switched;
  expect(hosted.session.pushed).toHaveLength(500);
  expect(hosted.session.pushed.at(-1)!.startSample).toBe(699 * FRAME_SAMPLES);
});

test('when the other cannot be opened the one before goes on, with its history', async () => {
  const { local, hosted, conversation, changes } = setUp();
  await conversation.begin();
  local.session.history = [{ user: 'hello', heard: 'Hi there.' }];
  hosted.opening = Promise.reject(unreachable);
  await expect(conversation.switchTo(hosted)).rejects.toBe(unreachable);
  expect(conversation.architecture.id).toBe('local');
  expect(local.sessions).toHaveLength(2);
  expect(local.session.history).toEqual([{ user: 'hello', heard: 'Hi there.' }]);
  expect(changes).toEqual(['to hosted', 'local']);
});

test('a session that fails is reported, and talk goes on with the fallback', async () => {
  const { local, hosted, conversation, failures } = setUp();
  await conversation.begin();
  await conversation.switchTo(hosted);
  hosted.session.history = [{ user: 'hello', heard: 'Good day.' }];
  hosted.session.options.onEvent({ type: 'session-failed', error: unreachable.serialise() });
  await conversation.switchTo(local);
  expect(failures.map(({ code }) => code)).toEqual(['endpoint-unreachable']);
  expect(conversation.architecture.id).toBe('local');
  expect(local.session.history).toEqual([{ user: 'hello', heard: 'Good day.' }]);
});

test('an architecture that cannot be opened at the start gives way to the fallback', async () => {
  const { local, hosted, failures, changes, conversation: _unused, ...rest } = setUp();
  hosted.opening = Promise.reject(unreachable);
  const conversation = new Conversation({
    architecture: hosted,
    fallback: local,
    bus: { setHeld() {} } as unknown as AudioBus,
    inputMode: 'hands-free',
    stamp: () => '',
    events: {
      onFloor() {},
      onLine() {},
      onLinesRemoved() {},
      onFailure: (error) => failures.push(error),
      onArchitecture: ({ id }) => changes.push(id),
    },
  });
  await conversation.begin();
  expect(rest.lines.size).toBe(0);
  expect([failures.length, changes]).toEqual([1, ['local']]);
});

test('answers of the next session have numbers of their own on the loudspeaker, and lines of their own', async () => {
  const { local, hosted, conversation, lines, played } = setUp();
  await conversation.begin();
  await local.session.options.loudspeaker.play(1, new Float32Array(1), 16_000);
  local.session.options.onEvent({ type: 'answer-started', answerNumber: 1, turnId: 1 });
  await conversation.switchTo(hosted);
  await hosted.session.options.loudspeaker.play(1, new Float32Array(1), 24_000);
  hosted.session.options.onEvent({ type: 'answer-started', answerNumber: 1, turnId: 1 });
  expect(played).toEqual([1, 2]);
  expect(lines.size).toBe(2);
});

test('what a session says after it was left is not shown', async () => {
  const { local, hosted, conversation, lines } = setUp();
  await conversation.begin();
  const before = local.session;
  await conversation.switchTo(hosted);
  before.options.onEvent({ type: 'answer-started', answerNumber: 9, turnId: 9 });
  expect(lines.size).toBe(0);
});
