import { beforeEach, describe, expect, test } from 'vitest';
import { AudioClient } from '../../../main/children/audio-client.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import { RecordedEvents } from '../../contract/audio-bus-contract.ts';
import { FakeAudioChild } from '../../fakes/fake-audio-child.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const RATE_HZ = 24_000;
const DEFAULTS = { inputId: null, outputId: null };
const tone = (seconds: number) => new Float32Array(RATE_HZ * seconds).fill(0.5);

class Events extends RecordedEvents {
  readonly problems: ParleyError[] = [];
  onProblem(problem: ParleyError): void {
    this.problems.push(problem);
  }
}

describe('the app and its audio child', () => {
  let clock: FakeClock;
  let child: FakeAudioChild;
  let client: AudioClient;
  let events: Events;

  beforeEach(() => {
    clock = new FakeClock();
    child = new FakeAudioChild(clock);
    events = new Events();
    client = new AudioClient({ rpc: child, clock, events });
  });

  /** Lets the clock run until it is settled either way. */
  async function settled<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    promise.then(
      () => (isSettled = true),
      () => (isSettled = true),
    );
    while (!isSettled) await clock.advanceAsync(20);
    return promise;
  }

  async function until(condition: () => boolean, limitMs = 20_000): Promise<void> {
    for (let ms = 0; ms < limitMs && !condition(); ms += 20) await clock.advanceAsync(20);
    expect(condition()).toBe(true);
  }

  test('an answer goes on in the next child at the sample it had come to', async () => {
    await settled(client.open(DEFAULTS));
    void client.play(1, tone(2), RATE_HZ);
    client.endAnswer(1);
    await clock.advanceAsync(1000);
    const before = events.played(1);
    expect(before).toBeGreaterThan(RATE_HZ / 2);
    await settled(child.crash());
    expect(events.microphone).toContain('lost');
    await clock.advanceAsync(500);
    expect(events.played(1)).toBeGreaterThan(before);
    expect(events.played(1)).toBeLessThan(before + RATE_HZ);
    await until(() => events.ends(1).length > 0);
    expect(events.ends(1)).toEqual([{ answerNumber: 1, playedSamples: RATE_HZ * 2, ended: true }]);
    expect(child.devices.loudest()).toBeGreaterThan(0.45);
  });

  test('what is played while the child is away is played by the next, in order', async () => {
    await settled(client.open(DEFAULTS));
    void client.play(1, tone(0.5), RATE_HZ);
    await clock.advanceAsync(200);
    const back = child.crash();
    void client.play(1, tone(0.5), RATE_HZ);
    client.endAnswer(1);
    void client.play(2, tone(0.3), RATE_HZ);
    client.endAnswer(2);
    await settled(back);
    await until(() => events.ends(2).length > 0);
    expect(events.ends(1)[0]!.playedSamples).toBe(RATE_HZ);
    expect(events.ends(2)[0]!.playedSamples).toBe(RATE_HZ * 0.3);
  });

  test('an answer that was stopped when the child died is over', async () => {
    await settled(client.open(DEFAULTS));
    void client.play(1, tone(2), RATE_HZ);
    await clock.advanceAsync(500);
    const stopped = client.stopAnswer(1);
    await settled(child.crash());
    await settled(stopped);
    await clock.advanceAsync(1000);
    expect(events.ends(1)).toHaveLength(1);
    expect(child.devices.loudest()).toBe(0);
  });

  test('positions of the microphone go on counting over children', async () => {
    await settled(client.open(DEFAULTS));
    await clock.advanceAsync(500);
    await settled(child.crash());
    await clock.advanceAsync(500);
    expect(events.frames.length).toBeGreaterThan(80);
    expect(events.frames.map((frame) => frame.startSample)).toEqual(events.frames.map((_, i) => i * 160));
  });

  test('ducking and holding are in force in the next child', async () => {
    await settled(client.open(DEFAULTS));
    client.setGain(-20, 0);
    void client.play(1, tone(2), RATE_HZ);
    await settled(child.crash());
    await clock.advanceAsync(500);
    // A little above 0.05: where the sound sets in, the filter overshoots.
    expect(child.devices.loudest()).toBeLessThan(0.07);
    client.setHeld(true);
    await settled(child.crash());
    await clock.advanceAsync(500);
    expect(child.devices.loudest()).toBe(0);
  });

  test.each(['silently', 'racing'] as const)(
    'a device that dies %s is told, and opened in a new process',
    async (how) => {
      await settled(client.open(DEFAULTS));
      void client.play(1, tone(2), RATE_HZ);
      client.endAnswer(1);
      await clock.advanceAsync(500);
      child.devices.die(how);
      await until(() => events.microphone.includes('lost'));
      await until(() => events.microphone.at(-1) === 'ok');
      expect(child.starts).toBe(2);
      expect(events.problems.map((problem) => [problem.code, problem.detail])).toContainEqual([
        'device-lost',
        'default',
      ]);
      await until(() => events.ends(1).length > 0);
      expect(events.ends(1)[0]!.playedSamples).toBe(RATE_HZ * 2);
    },
  );

  test('a chosen device that is gone is replaced by the default one', async () => {
    await settled(client.open({ inputId: 'input:ALSA:headset', outputId: 'output:ALSA:headset' }));
    await clock.advanceAsync(200);
    child.names = ['default'];
    child.devices.die('silently');
    await until(() => child.starts === 2 && events.microphone.at(-1) === 'ok');
    expect(events.problems.map((problem) => problem.code)).toContain('device-lost');
    const count = events.frames.length;
    await clock.advanceAsync(200);
    expect(events.frames.length).toBeGreaterThan(count);
  });

  test('a device that was plugged in since can be chosen', async () => {
    await settled(client.open(DEFAULTS));
    child.names = ['default', 'headset', 'new'];
    child.devices.plug(child.names);
    expect((await settled(client.list())).map((device) => device.name)).toContain('new');
    await settled(client.open({ inputId: 'input:ALSA:new', outputId: null }));
    const count = events.frames.length;
    await clock.advanceAsync(200);
    expect(events.frames.length).toBeGreaterThan(count);
    expect(child.starts).toBe(1);
  });

  test('no device: refused, answers end unheard, and it is opened when there is one', async () => {
    child.names = [];
    await expect(settled(client.open(DEFAULTS))).rejects.toMatchObject({ code: 'no-device' });
    expect(events.microphone.at(-1)).toBe('lost');
    await settled(client.play(1, tone(10), RATE_HZ));
    await until(() => events.ends(1).length > 0);
    expect(events.ends(1)[0]!.playedSamples).toBe(0);
    child.devices.plug(['default']);
    await until(() => events.microphone.at(-1) === 'ok');
    void client.play(2, tone(1), RATE_HZ);
    client.endAnswer(2);
    await until(() => events.ends(2).length > 0);
    expect(events.ends(2)[0]!.playedSamples).toBe(RATE_HZ);
  });

  test('exact zeros for three seconds are a blocked microphone', async () => {
    await settled(client.open(DEFAULTS));
    child.devices.microphone = 0;
    await clock.advanceAsync(2500);
    expect(events.microphone.at(-1)).toBe('ok');
    await clock.advanceAsync(1000);
    expect(events.microphone.at(-1)).toBe('blocked');
    child.devices.microphone = 1e-4;
    await clock.advanceAsync(200);
    expect(events.microphone.at(-1)).toBe('ok');
  });

  test('when the child is given up every answer ends, and new ones are refused with the reason', async () => {
    await settled(client.open(DEFAULTS));
    const waiting = client.play(1, tone(10), RATE_HZ);
    await clock.advanceAsync(200);
    child.giveUp(new ParleyError({ code: 'child-gave-up', stage: 'audio' }));
    await waiting;
    expect(events.ends(1)).toHaveLength(1);
    await expect(client.play(2, tone(1), RATE_HZ)).rejects.toMatchObject({ code: 'child-gave-up' });
  });

  test('another loudspeaker in the middle of an answer loses none of it', async () => {
    await settled(client.open(DEFAULTS));
    void client.play(1, tone(2), RATE_HZ);
    client.endAnswer(1);
    await clock.advanceAsync(500);
    await settled(client.open({ inputId: null, outputId: 'output:ALSA:headset' }));
    expect(child.devices.openStreams).toBe(2);
    await until(() => events.ends(1).length > 0);
    expect(events.ends(1)[0]!.playedSamples).toBe(RATE_HZ * 2);
  });

  test('closing lets go of the devices', async () => {
    await settled(client.open(DEFAULTS));
    await settled(client.close());
    expect(child.status).toBe('stopped');
    expect(events.microphone.at(-1)).toBe('off');
  });
});
