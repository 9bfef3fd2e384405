import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resampleWhole } from '../../main/audio/streaming-resampler.ts';
import { readWavFile } from '../../main/audio/wav-reader.ts';
import { DEFAULT_CAPTURE_CHAIN, type CaptureChainState } from '../../main/contract/capture-chain.ts';
import { SileroVad } from '../../main/engines/vad/silero-vad.ts';
import { AudioRig } from '../fixtures/audio-rig.ts';
import { pulseMissing, startPulse, type PulseFixture } from '../fixtures/pulse.ts';
import { LISTEN_MODELS, missing, samplePath } from '../model/listener-speech.ts';

const noPulse = pulseMissing();
if (noPulse) console.warn(`Echo through devices is not tested: ${noPulse}`);
const answerFile = samplePath('beckett.wav');
const noModels = missing(LISTEN_MODELS.vad, answerFile);

const VOICE_HZ = 24_000;
const ECHO_DB = -20;
/** As an utterance is opened: two windows of 32 ms in which the detector is more sure than not. */
const SPEECH_PROBABILITY = 0.5;
const LOUDNESS_RMS = 0.1;

class EchoRig extends AudioRig {
  readonly states: CaptureChainState[] = [];
  onChain(state: CaptureChainState): void {
    this.states.push(state);
  }
}

describe.skipIf(noPulse ?? noModels)('the echo of the loudspeaker, through real devices', () => {
  let pulse: PulseFixture;
  let rig: EchoRig;
  let vad: SileroVad;
  let answer: Float32Array;
  let answerNumber = 0;

  beforeAll(async () => {
    // At a fixed rate: by default the loop speeds up and slows down, which no echo does and no canceller can follow.
    const loop =
      'module-loopback source=spk.monitor sink=vmic latency_msec=30 adjust_time=0 source_dont_move=true sink_dont_move=true';
    pulse = await startPulse({ extraModules: [loop] });
    setLoopVolume(pulse, ECHO_DB);
    rig = new EchoRig(pulse.env);
    vad = await SileroVad.open({ modelPath: LISTEN_MODELS.vad });
    const { samples, sampleRateHz } = await readWavFile(answerFile);
    answer = atLoudness(
      await resampleWhole(samples, { inputRateHz: sampleRateHz, outputRateHz: VOICE_HZ }),
      LOUDNESS_RMS,
    );
    await rig.client.open({ inputId: null, outputId: null });
    await rig.until(() => rig.frames.length > 0);
  });
  afterAll(async () => {
    await rig?.dispose();
    await pulse?.close();
    await vad?.close();
  });

  /** Plays the answer; returns what was captured meanwhile and half a second after. */
  async function answered(seconds: number, during: () => Promise<void> = async () => {}): Promise<Float32Array> {
    const firstFrame = rig.frames.length;
    const number = ++answerNumber;
    const pcm = new Float32Array(seconds * VOICE_HZ);
    for (let at = 0; at < pcm.length; at += answer.length) pcm.set(answer.subarray(0, pcm.length - at), at);
    const playing = (async () => {
      for (let at = 0; at < pcm.length; at += VOICE_HZ / 4) {
        await rig.client.play(number, pcm.subarray(at, at + VOICE_HZ / 4), VOICE_HZ);
      }
      rig.client.endAnswer(number);
    })();
    await Promise.all([playing, during(), rig.until(() => rig.ends(number).length > 0)]);
    const last = rig.frames.length + 50;
    await rig.until(() => rig.frames.length >= last);
    return rig.captured(firstFrame);
  }

  async function speechWindows(samples: Float32Array): Promise<number> {
    vad.reset();
    let count = 0;
    for (let at = 0; at + vad.windowSamples <= samples.length; at += vad.windowSamples) {
      if ((await vad.process(samples.slice(at, at + vad.windowSamples))) >= SPEECH_PROBABILITY) count++;
    }
    return count;
  }

  test('without cancelling it is taken for speech', async () => {
    rig.client.setCaptureChain({ ...DEFAULT_CAPTURE_CHAIN, echoCancellation: false, duplex: 'full' });
    const windows = await speechWindows(await answered(6));
    console.log(`speech windows of 6 s without cancelling: ${windows}`);
    expect(windows).toBeGreaterThan(30);
  });

  test('the answer opens no utterance, and somebody who speaks over it is heard', async () => {
    rig.client.setCaptureChain(DEFAULT_CAPTURE_CHAIN);
    const windows = await speechWindows(await answered(30));
    const { samples, sampleRateHz } = await readWavFile(
      new URL('../fixtures/audio/stop-wait.wav', import.meta.url).pathname,
    );
    const interruption = atLoudness(samples, 0.05);
    const firstFrame = rig.frames.length;
    await pulse.speak({ samples: interruption, sampleRateHz });
    const alone = await speechWindows(rig.captured(firstFrame));
    const over = await speechWindows(await answered(8, () => pulse.speak({ samples: interruption, sampleRateHz })));
    const state = rig.states.at(-1)!;
    console.log(
      `speech windows of 30 s alone: ${windows}; with an interruption: ${over} (${alone} without the answer); ERLE ${state.erleDb} dB`,
    );
    expect(windows).toBeLessThanOrEqual(1);
    expect(over).toBeGreaterThan(alone * 0.8);
    expect(over).toBeLessThan(alone * 1.5);
    expect(rig.states.some(({ echoCancelling }) => echoCancelling)).toBe(true);
    expect(state.halfDuplex).toBe(false);
  });

  test('the test of the room finds the echo and says that it can be cancelled', async () => {
    const result = await rig.client.testEcho();
    console.log(`test of the room: ${JSON.stringify(result)}`);
    expect(result.verdict).toBe('cancelled');
    expect(Math.abs(result.echoDb! - ECHO_DB)).toBeLessThan(3);
    expect(result.roundTripMs).toBeGreaterThan(40);
    expect(result.roundTripMs).toBeLessThan(400);
    expect(result.erleDb).toBeGreaterThan(10);
  });

  test('echo that is not cancelled turns the microphone off while the loudspeaker plays, until cancelling is switched on', async () => {
    rig.client.setCaptureChain({ ...DEFAULT_CAPTURE_CHAIN, echoCancellation: false });
    await answered(6);
    expect(rig.states.at(-1)).toMatchObject({ halfDuplex: true, halfDuplexReason: 'echo-not-cancelled' });
    expect(await speechWindows(await answered(4))).toBe(0);
    rig.client.setCaptureChain(DEFAULT_CAPTURE_CHAIN);
    await rig.until(() => rig.states.at(-1)!.halfDuplex === false);
  });
});

function setLoopVolume(pulse: PulseFixture, volumeDb: number): void {
  const pactl = (...args: string[]) =>
    spawnSync('pactl', args, { env: { ...process.env, ...pulse.env }, encoding: 'utf8' });
  const inputs = pactl('list', 'sink-inputs').stdout.split('Sink Input #').slice(1);
  const loop = inputs.find((input) => /module-loopback/.test(input));
  if (!loop) throw new Error('the loop from the loudspeaker to the microphone is not there');
  pactl('set-sink-input-volume', String(Number.parseInt(loop)), `${volumeDb}dB`);
}

function atLoudness(samples: Float32Array, targetRms: number): Float32Array {
  const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return samples.map((sample) => (sample * targetRms) / rms);
}
