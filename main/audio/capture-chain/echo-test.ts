import { CAPTURE_FRAME_SAMPLES, CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';
import type { EchoTestResult } from '../../contract/capture-chain.ts';
import { ParleyError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { rmsDbfs } from '../level-meter.ts';
import type { CaptureChain, ChainFrame } from './capture-chain.ts';
import { isAudibleEcho } from './duplex-policy.ts';

const LEAD_IN_SECONDS = 0.7;
const SWEEP_SECONDS = 1;
const PAUSE_SECONDS = 0.5;
const NOISE_SECONDS = 4;
const SWEEP_FROM_HZ = 150;
const SWEEP_TO_HZ = 7000;
/** As loud as an answer is (about −20 dBFS while it sounds). */
const AMPLITUDE = 0.15;
const SYLLABLES_PER_SECOND = 4;
const FADE_SECONDS = 0.01;
/** Two seconds in which the canceller has had time to learn the room. */
const JUDGED_SECONDS = 2;
const LONGEST_DELAY_MS = 500;
/** Sum of the sweep's correlation below which no echo of it was there. */
const MIN_MATCH = 0.1;
const AUDIBLE_ABOVE_FLOOR_DB = 3;
const RECORDED_SECONDS = LEAD_IN_SECONDS + SWEEP_SECONDS + PAUSE_SECONDS + NOISE_SECONDS + 0.3;
const TIME_LIMIT_MS = 15_000;

export interface EchoRecording {
  /** All at 16 kHz, index for index: what was played, what came in, what the chain made of it. */
  far: Float32Array;
  near: Float32Array;
  clean: Float32Array;
  /** How much later the first sample of the test came in than it was handed to the loudspeaker, as `far` has it. */
  handedOverMs: number;
}

/** A test of the room: adds its sound to what is played and records both sides through the chain. */
export class EchoTest {
  readonly result: Promise<EchoTestResult>;
  readonly #done = Promise.withResolvers<EchoTestResult>();
  readonly #chain: CaptureChain;
  readonly #cancelLimit: () => void;
  readonly #far: Float32Array[] = [];
  readonly #near: Float32Array[] = [];
  readonly #clean: Float32Array[] = [];
  #playedSamples = 0;
  /** Frames recorded when the first audible sample was handed over. */
  #framesAtSweep: number | undefined;

  constructor(options: { chain: CaptureChain; clock: Clock }) {
    this.#chain = options.chain;
    this.result = this.#done.promise;
    this.#cancelLimit = options.clock.schedule(TIME_LIMIT_MS, () => this.abandon());
    this.#chain.setTap((frame) => this.#record(frame));
  }

  /** Adds the next of the test's sound to what the loudspeaker is given. */
  addTo(block: Float32Array, sampleRateHz: number): void {
    for (let i = 0; i < block.length; i++) block[i] = block[i]! + testSoundAt((this.#playedSamples + i) / sampleRateHz);
    this.#playedSamples += block.length;
    if (this.#playedSamples >= LEAD_IN_SECONDS * sampleRateHz) this.#framesAtSweep ??= this.#near.length;
  }

  /** The sound stopped, or took too long. */
  abandon(): void {
    this.#end();
    this.#done.reject(new ParleyError({ code: 'device-lost', stage: 'audio', message: 'The test got no sound.' }));
  }

  #record(frame: ChainFrame): void {
    this.#far.push(frame.far.slice());
    this.#near.push(frame.near);
    this.#clean.push(frame.clean);
    if (this.#near.length * CAPTURE_FRAME_SAMPLES < RECORDED_SECONDS * CAPTURE_RATE_HZ) return;
    this.#end();
    const far = joined(this.#far);
    const sweepAt = far.findIndex((sample) => Math.abs(sample) > 1e-3);
    const handedOverMs = (sweepAt / CAPTURE_FRAME_SAMPLES - (this.#framesAtSweep ?? 0)) * 10;
    this.#done.resolve(analyseEcho({ far, near: joined(this.#near), clean: joined(this.#clean), handedOverMs }));
  }

  #end(): void {
    this.#cancelLimit();
    this.#chain.setTap(undefined);
  }
}

/** The sound of the test at a moment of it: silence, a sweep that shows the delay, noise in syllables that the canceller learns from. */
export function testSoundAt(seconds: number): number {
  const inSweep = seconds - LEAD_IN_SECONDS;
  if (inSweep >= 0 && inSweep < SWEEP_SECONDS) return AMPLITUDE * sweepAt(inSweep);
  const inNoise = inSweep - SWEEP_SECONDS - PAUSE_SECONDS;
  if (inNoise < 0 || inNoise >= NOISE_SECONDS) return 0;
  const syllable = 0.5 - 0.5 * Math.cos(2 * Math.PI * SYLLABLES_PER_SECOND * inNoise);
  return 3 * AMPLITUDE * syllable * noiseAt(inNoise);
}

function sweepAt(seconds: number): number {
  const rate = Math.log(SWEEP_TO_HZ / SWEEP_FROM_HZ) / SWEEP_SECONDS;
  const phase = ((2 * Math.PI * SWEEP_FROM_HZ) / rate) * (Math.exp(rate * seconds) - 1);
  const fade = Math.min(1, seconds / FADE_SECONDS, (SWEEP_SECONDS - seconds) / FADE_SECONDS);
  return fade * Math.sin(phase);
}

/** Many tones that have no common measure: noise that is the same at every sample rate. */
function noiseAt(seconds: number): number {
  let sum = 0;
  for (let k = 0; k < 40; k++) sum += Math.sin(2 * Math.PI * 180 * 1.083 ** k * seconds + k * k * 2.4) / (1 + k / 12);
  return sum / 8;
}

/** Says what a recording of the test shows. */
export function analyseEcho(recording: EchoRecording): EchoTestResult {
  const { far, near, clean } = recording;
  const noiseFloorDbfs = rmsDbfs(near.subarray(0.1 * CAPTURE_RATE_HZ, 0.5 * CAPTURE_RATE_HZ));
  const at = far.findIndex((sample) => Math.abs(sample) > 1e-3);
  const noEcho: EchoTestResult = {
    verdict: 'no-echo',
    noiseFloorDbfs,
    roundTripMs: null,
    echoDb: null,
    erleDb: null,
    residualDbfs: null,
  };
  if (at < 0) return noEcho;
  const sweep = far.subarray(at, at + SWEEP_SECONDS * CAPTURE_RATE_HZ);
  const delay = findDelay(sweep, near.subarray(at));
  const isHeard = rmsDbfs(near.subarray(at, at + 1.5 * CAPTURE_RATE_HZ)) > noiseFloorDbfs + AUDIBLE_ABOVE_FLOOR_DB;
  if (delay.match < MIN_MATCH || !isHeard) return noEcho;
  const noiseEnd = at + (SWEEP_SECONDS + PAUSE_SECONDS + NOISE_SECONDS) * CAPTURE_RATE_HZ;
  const judged = (samples: Float32Array, delaySamples: number) =>
    rmsDbfs(samples.subarray(noiseEnd - JUDGED_SECONDS * CAPTURE_RATE_HZ + delaySamples, noiseEnd + delaySamples));
  const nearDbfs = judged(near, delay.samples);
  const residualDbfs = judged(clean, delay.samples);
  return {
    verdict: isAudibleEcho(residualDbfs, noiseFloorDbfs) ? 'half-duplex' : 'cancelled',
    noiseFloorDbfs,
    roundTripMs: recording.handedOverMs + (delay.samples * 1000) / CAPTURE_RATE_HZ,
    echoDb: nearDbfs - judged(far, 0),
    erleDb: nearDbfs - residualDbfs,
    residualDbfs,
  };
}

/** Where `sound` begins in `heard`, by its normalised correlation there. */
function findDelay(sound: Float32Array, heard: Float32Array): { samples: number; match: number } {
  let best = { samples: 0, match: 0 };
  const soundEnergy = dot(sound, sound, 0);
  for (let lag = 0; lag <= (LONGEST_DELAY_MS * CAPTURE_RATE_HZ) / 1000; lag++) {
    const product = Math.abs(dot(sound, heard, lag));
    if (product <= best.match) continue;
    best = { samples: lag, match: product };
  }
  const place = heard.subarray(best.samples, best.samples + sound.length);
  return { ...best, match: best.match / Math.sqrt(soundEnergy * dot(place, place, 0) + 1e-20) };
}

function dot(a: Float32Array, b: Float32Array, offset: number): number {
  let sum = 0;
  const length = Math.min(a.length, b.length - offset);
  for (let i = 0; i < length; i++) sum += a[i]! * b[i + offset]!;
  return sum;
}

function joined(frames: Float32Array[]): Float32Array {
  const samples = new Float32Array(frames.length * CAPTURE_FRAME_SAMPLES);
  frames.forEach((frame, i) => samples.set(frame, i * CAPTURE_FRAME_SAMPLES));
  return samples;
}
