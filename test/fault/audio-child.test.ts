import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AudioRig } from '../fixtures/audio-rig.ts';
import { locate, testNoise } from '../fixtures/compare-audio.ts';
import { pulseMissing, startPulse, type PulseFixture } from '../fixtures/pulse.ts';

const missing = pulseMissing();
if (missing) console.warn(`Crashes of the audio child are not tested: ${missing}`);

/** Of voice and wire, so that pieces of the one can be found as they are on the other. */
const RATE_HZ = 48_000;

describe.skipIf(missing)('the audio child dies in the middle of an answer', () => {
  let pulse: PulseFixture;
  let rig: AudioRig;

  beforeAll(async () => void (pulse = await startPulse()));
  afterAll(() => pulse?.close());
  beforeEach(async () => {
    rig = new AudioRig(pulse.env);
    await rig.client.open({ inputId: null, outputId: null });
    await rig.until(() => rig.microphone.at(-1) === 'ok');
  });
  afterEach(() => rig.dispose());

  const played = () => rig.progress.at(-1)?.playedSamples ?? 0;

  test.each(['SIGKILL', 'SIGABRT'] as const)('%s: another one goes on with it', async (signal) => {
    const answer = testNoise(5 * RATE_HZ);
    const recording = pulse.record();
    await recording.more(0.2);
    const playing = rig.client.play(1, answer, RATE_HZ);
    rig.client.endAnswer(1);
    await rig.until(() => played() > RATE_HZ);
    const pid = rig.child.pid!;
    process.kill(pid, signal);
    await playing;
    await rig.until(() => rig.ends(1).length > 0);
    await recording.more(0.2);
    expect(rig.child.pid).not.toBe(pid);
    expect(rig.ends(1)).toEqual([{ answerNumber: 1, playedSamples: answer.length, ended: true }]);
    const { loudspeaker } = await recording.stop();
    // Some piece of each: a sound server that is held up by other work on the machine makes holes of its own.
    for (const second of [0.3, 2.5, 3.5, 4.5]) {
      const matches = [0, 0.1, 0.2, 0.3, 0.4].map((offset) => {
        const at = Math.round((second + offset) * RATE_HZ);
        return locate(loudspeaker, answer.subarray(at, at + RATE_HZ / 20)).match;
      });
      expect(Math.max(...matches)).toBeGreaterThan(0.99);
    }
  });

  test('while it is away an answer can be stopped and the count is what was heard', async () => {
    void rig.client.play(1, testNoise(5 * RATE_HZ), RATE_HZ);
    await rig.until(() => played() > RATE_HZ / 2);
    process.kill(rig.child.pid!, 'SIGKILL');
    await rig.until(() => rig.microphone.at(-1) === 'lost');
    const playedSamples = await rig.client.stopAnswer(1);
    expect(playedSamples).toBeGreaterThan(RATE_HZ / 2);
    expect(rig.ends(1)).toEqual([{ answerNumber: 1, playedSamples, ended: true }]);
    await rig.until(() => rig.microphone.at(-1) === 'ok');
  });
});
