import { DelayLine } from './delay-line.ts';
import { SincResampler } from './sinc-resampler.ts';

export interface PlayedReport {
  answerNumber: number;
  playedSamples: number;
  ended: boolean;
}

/**
 * Sound that waits before an answer starts (again): a paced stream over a WebSocket arrives with gaps of up to 31 ms
 * (p99 measured); 40 ms covers them. An answer that comes in one burst starts at once.
 */
const PREBUFFER_MS = 40;

interface Answer {
  number: number;
  rateHz: number;
  resampler: SincResampler;
  complete: boolean;
  /** False until enough is waiting; an answer that ran dry waits again. */
  flowing: boolean;
  /** Loudspeaker gain of the stop fade, 1 → 0; undefined when not stopping. */
  fade: Ramp | undefined;
  consumed: number;
  played: number;
  reported: number;
  delay: DelayLine;
}

/** A value that moves linearly, frame by frame. */
interface Ramp {
  value: number;
  target: number;
  stepPerFrame: number;
}

/**
 * The loudspeaker's queue, one answer after the other. It pulls exactly what each render quantum needs and counts, at the
 * answer's own rate, what has left the loudspeaker: what was rendered, less what still waits in the output's latency.
 * Free of DOM types: the worklet around it is thin, and tests run it in plain Node.
 */
export class AnswerPlayer {
  readonly #outputRateHz: number;
  readonly #answers: Answer[] = [];
  #lastEndedNumber = 0;
  #gain: Ramp = { value: 1, target: 1, stepPerFrame: 0 };
  #hold: Ramp = { value: 1, target: 1, stepPerFrame: 0 };
  #latencyFrames = 0;

  constructor(outputRateHz: number) {
    this.#outputRateHz = outputRateHz;
  }

  setOutputLatency(latencySec: number): void {
    this.#latencyFrames = Math.max(0, Math.round(latencySec * this.#outputRateHz));
  }

  /** Queues samples of an answer. A later answer's first samples complete the earlier ones. Late samples of a stopped one are dropped. */
  add(chunk: { answerNumber: number; sampleRateHz: number; samples: Float32Array }): void {
    if (chunk.answerNumber <= this.#lastEndedNumber) return;
    const last = this.#answers.at(-1);
    let answer = this.#answers.find(({ number }) => number === chunk.answerNumber);
    if (answer === undefined) {
      if (last !== undefined && last.number > chunk.answerNumber) return;
      for (const earlier of this.#answers) complete(earlier);
      answer = this.#newAnswer(chunk.answerNumber, chunk.sampleRateHz);
      this.#answers.push(answer);
    }
    if (!answer.complete) answer.resampler.write(chunk.samples);
  }

  /** No more of this answer follows. One that never had sound is reported as ended by the next render. */
  end(answerNumber: number): void {
    let answer = this.#answers.find(({ number }) => number === answerNumber);
    if (answer === undefined && answerNumber > this.#lastEndedNumber) {
      answer = this.#newAnswer(answerNumber, this.#outputRateHz);
      this.#answers.push(answer);
    }
    if (answer !== undefined) complete(answer);
  }

  /** Fades the answer out and drops the rest of it. One that never had sound is reported as ended, too. */
  stop(answerNumber: number, fadeMs: number): void {
    this.end(answerNumber);
    const answer = this.#answers.find(({ number }) => number === answerNumber);
    if (answer === undefined) return;
    const audible = answer.flowing && !this.#isHeld();
    answer.fade = rampTo(audible ? 1 : 0, 0, this.#frames(fadeMs));
  }

  ramp(gainDb: number, rampMs: number): void {
    this.#gain = rampTo(this.#gain.value, 10 ** (gainDb / 20), this.#frames(rampMs));
  }

  hold(held: boolean, fadeMs: number): void {
    this.#hold = rampTo(this.#hold.value, held ? 0 : 1, this.#frames(fadeMs));
  }

  /** Forgets everything: the connection whose answers these were is gone. Answer numbers start again. */
  clear(): void {
    this.#answers.length = 0;
    this.#lastEndedNumber = 0;
    this.#gain = { value: 1, target: 1, stepPerFrame: 0 };
    this.#hold = { value: 1, target: 1, stepPerFrame: 0 };
  }

  /** Fills one render quantum. */
  render(output: Float32Array): void {
    output.fill(0);
    let offset = 0;
    const current = this.#answers.find((answer) => !isDrained(answer));
    const consumedBefore = current?.consumed ?? 0;
    if (current !== undefined && !this.#isHeld()) offset = this.#renderAnswer(current, output);
    // Held while it was fading out: nothing of it can be heard any more.
    else if (current?.fade !== undefined) current.fade.value = 0;
    this.#applyGain(output, offset);
    for (const answer of this.#answers) {
      const consumedNow = answer === current ? answer.consumed - consumedBefore : 0;
      answer.played += answer.delay.step(consumedNow, Math.round(this.#latencyFrames / output.length));
    }
  }

  /** What has been played since the last call, per answer; an ended answer is reported once and forgotten. */
  takeReports(): PlayedReport[] {
    const reports: PlayedReport[] = [];
    for (const answer of [...this.#answers]) {
      const ended = isDrained(answer) && answer.delay.waiting === 0;
      if (!ended && answer.played === answer.reported) continue;
      answer.reported = answer.played;
      reports.push({ answerNumber: answer.number, playedSamples: answer.played, ended });
      if (!ended) continue;
      this.#answers.splice(this.#answers.indexOf(answer), 1);
      this.#lastEndedNumber = Math.max(this.#lastEndedNumber, answer.number);
    }
    return reports;
  }

  /** True when an answer has ended since the last reports: worth telling at once. */
  get hasEnded(): boolean {
    return this.#answers.some((answer) => isDrained(answer) && answer.delay.waiting === 0);
  }

  #renderAnswer(answer: Answer, output: Float32Array): number {
    const { resampler } = answer;
    const waitingMs = (resampler.waitingSamples / answer.rateHz) * 1000;
    answer.flowing ||= answer.complete || waitingMs >= PREBUFFER_MS;
    if (!answer.flowing) return 0;
    const made = resampler.read(output);
    if (made < output.length && !answer.complete) answer.flowing = false;
    answer.consumed = resampler.consumedSamples;
    const { fade } = answer;
    for (let i = 0; fade !== undefined && i < made; i++) output[i]! *= advance(fade);
    return made;
  }

  #applyGain(output: Float32Array, made: number): void {
    for (let i = 0; i < output.length; i++) {
      const gain = advance(this.#gain) * advance(this.#hold);
      if (i < made) output[i]! *= gain;
    }
  }

  #isHeld(): boolean {
    return this.#hold.value === 0 && this.#hold.target === 0;
  }

  #frames(durationMs: number): number {
    return Math.max(1, Math.round((durationMs / 1000) * this.#outputRateHz));
  }

  #newAnswer(number: number, rateHz: number): Answer {
    return {
      number,
      rateHz,
      resampler: new SincResampler(rateHz, this.#outputRateHz),
      complete: false,
      flowing: false,
      fade: undefined,
      consumed: 0,
      played: 0,
      reported: 0,
      delay: new DelayLine(),
    };
  }
}

function complete(answer: Answer): void {
  answer.complete = true;
  answer.resampler.finish();
}

/** Nothing of it will be rendered any more. */
function isDrained(answer: Answer): boolean {
  if (answer.fade !== undefined && answer.fade.value === 0) return true;
  return answer.complete && answer.resampler.waitingSamples === 0;
}

function rampTo(from: number, target: number, frames: number): Ramp {
  return { value: from, target, stepPerFrame: (target - from) / frames };
}

function advance(ramp: Ramp): number {
  const { value, target, stepPerFrame } = ramp;
  if (value !== target) {
    const next = value + stepPerFrame;
    ramp.value = stepPerFrame > 0 ? Math.min(target, next) : Math.max(target, next);
    if (Math.abs(ramp.value - target) < 1e-9) ramp.value = target;
  }
  return value;
}
