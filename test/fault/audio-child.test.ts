import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AudioRig } from '../fixtures/audio-rig.ts';
import { locate, testNoise } from '../fixtures/compare-audio.ts';
import { pulseMissing, startPulse, type PulseFixture } from '../fixtures/pulse.ts';

const missing = pulseMissing();
if (missing) console.warn(`Crashes of the audio child are not tested: ${missing}`);

const VOICE_HZ = 24_000;
const WIRE_HZ = 48_000;

describe.skipIf(missing)('the audio child dies in the middle of an answer', () => {
  let pulse: PulseFixture;
  let rig: AudioRig;

  beforeAll(async () => {
    pulse = await startPulse();
    rig = new AudioRig(pulse.env);
    await rig.client.open({ inputId: null, outputId: null });
    await rig.until(() => rig.microphone.at(-1) === 'ok');
  });
  afterAll(async () => {
    await rig?.dispose();
    await pulse?.close();
  });

  test.each(['SIGKILL', 'SIGABRT'] as const)('%s: another one goes on with it', async (signal) => {
    const answerNumber = signal === 'SIGKILL' ? 1 : 2;
    // Voice and wire at one rate, so that the pieces can be found as they are.
    const answer = testNoise(5 * WIRE_HZ, { seed: answerNumber });
    const recording = pulse.record();
    await recording.more(0.2);
    const playing = rig.client.play(answerNumber, answer, WIRE_HZ);
    rig.client.endAnswer(answerNumber);
    await rig.until(() => (rig.progress.at(-1)?.playedSamples ?? 0) > WIRE_HZ);
    const pid = rig.child.pid!;
    process.kill(pid, signal);
    await playing;
    await rig.until(() => rig.ends(answerNumber).length > 0);
    await recording.more(0.2);
    expect(rig.child.pid).not.toBe(pid);
    expect(rig.ends(answerNumber)).toEqual([{ answerNumber, playedSamples: answer.length, ended: true }]);
    const { loudspeaker } = await recording.stop();
    for (const second of [0.5, 3, 4.5]) {
      const piece = answer.subarray(second * WIRE_HZ, (second + 0.25) * WIRE_HZ);
      expect(locate(loudspeaker, piece).match).toBeGreaterThan(0.99);
    }
  });

  test('while it is away an answer can be stopped and the count is what was heard', async () => {
    void rig.client.play(3, testNoise(5 * VOICE_HZ), VOICE_HZ);
    await rig.until(() => rig.progress.some((p) => p.answerNumber === 3 && p.playedSamples > VOICE_HZ / 2));
    process.kill(rig.child.pid!, 'SIGKILL');
    await rig.until(() => rig.microphone.at(-1) === 'lost');
    const played = await rig.client.stopAnswer(3);
    expect(played).toBeGreaterThan(VOICE_HZ / 2);
    expect(rig.ends(3)).toEqual([{ answerNumber: 3, playedSamples: played, ended: true }]);
    await rig.until(() => rig.microphone.at(-1) === 'ok');
  });
});
