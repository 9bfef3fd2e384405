import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AudioRig } from '../fixtures/audio-rig.ts';
import { soundingPart, testNoise } from '../fixtures/compare-audio.ts';
import { pulseMissing, startPulse, type PulseFixture } from '../fixtures/pulse.ts';

const missing = pulseMissing();
if (missing) console.warn(`Loss of devices is not tested: ${missing}`);

const VOICE_HZ = 24_000;
const DEFAULTS = { inputId: null, outputId: null };

describe.skipIf(missing)('when devices come and go', () => {
  let pulse: PulseFixture;
  let rig: AudioRig;

  beforeEach(async () => {
    pulse = await startPulse();
    rig = new AudioRig(pulse.env);
  });
  afterEach(async () => {
    await rig.dispose();
    await pulse.close();
  });

  test('a sound server that crashes and comes back: the answer goes on and the microphone is heard again', async () => {
    await rig.client.open(DEFAULTS);
    await rig.until(() => rig.microphone.at(-1) === 'ok');
    const answer = testNoise(6 * VOICE_HZ);
    const playing = rig.client.play(1, answer, VOICE_HZ);
    rig.client.endAnswer(1);
    await rig.until(() => (rig.progress.at(-1)?.playedSamples ?? 0) > VOICE_HZ);
    await pulse.kill();
    await rig.until(() => rig.microphone.at(-1) === 'lost');
    await pulse.restart();
    await rig.until(() => rig.problems.some((problem) => problem.code === 'device-lost'));
    const framesBefore = rig.frames.length;
    await rig.until(() => rig.microphone.at(-1) !== 'lost' && rig.frames.length > framesBefore + 10);
    await playing;
    await rig.until(() => rig.ends(1).length === 1);
    const counts = rig.progress.map((progress) => progress.playedSamples);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    const starts = rig.frames.map((frame) => frame.startSample);
    expect(starts.every((start, i) => start === i * 160)).toBe(true);
  });

  test('no device at first: said so, and opened by itself when there is one', async () => {
    await pulse.kill();
    await expect(rig.client.open(DEFAULTS)).rejects.toMatchObject({ code: 'no-device', stage: 'audio' });
    expect(rig.microphone.at(-1)).toBe('lost');
    // Nobody waits for an answer that cannot be heard.
    await rig.client.play(1, testNoise(20 * VOICE_HZ), VOICE_HZ);
    rig.client.endAnswer(1);
    await rig.until(() => rig.ends(1).length === 1);
    await pulse.restart();
    await rig.until(() => rig.microphone.at(-1) === 'ok');
    const recording = pulse.record();
    await recording.more(0.2);
    void rig.client.play(2, testNoise(VOICE_HZ), VOICE_HZ);
    rig.client.endAnswer(2);
    await rig.until(() => rig.ends(2)[0]?.playedSamples === VOICE_HZ);
    const { loudspeaker } = await recording.stop();
    expect(soundingPart(loudspeaker).first).toBeGreaterThan(0);
  });

  test('chosen devices are opened again after a crash of the audio child', async () => {
    await rig.client.open({ inputId: 'input:ALSA:parley_mic', outputId: 'output:ALSA:parley_spk2' });
    await rig.until(() => rig.microphone.at(-1) === 'ok');
    process.kill(rig.child.pid!, 'SIGKILL');
    await rig.until(() => rig.microphone.at(-1) === 'lost');
    await rig.until(() => rig.microphone.at(-1) === 'ok');
    const count = rig.frames.length;
    await rig.until(() => rig.frames.length > count + 10);
  });
});
