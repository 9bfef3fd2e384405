import { CAPTURE_RATE_HZ, SILENCE_DBFS } from '../contract/audio-format.ts';
import { AudioFrameKind, type AudioFrame } from '../contract/audio-frame.ts';
import { ParleyError } from '../contract/errors.ts';
import type { AppEvent, CommandOf } from '../contract/messages.ts';
import type { AudioDevice } from '../contract/state.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import type { AudioBus, AudioBusEvents } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import { CaptureFramer } from './capture-framer.ts';
import { FinishedAnswers } from './finished-answers.ts';
import { LevelMeter, rmsDbfs } from './level-meter.ts';
import { QUEUE_BOUND_SECONDS } from './playback-mixer.ts';
import { joinSamples, StreamingResampler } from './streaming-resampler.ts';
import { UnheardAudio } from './unheard-audio.ts';

/** The connection that is the microphone and loudspeaker. */
export interface BrowserAudioPeer {
  sendFrame(frame: AudioFrame): void;
  sendEvent(event: Extract<AppEvent, { type: `browser-${string}` }>): void;
}

/** Small enough that a frame does not hold up the events behind it, large enough that headers do not matter. */
const FRAME_MS = 100;
/** A browser answers a stop within a round trip; one that does not is taken at its last word. */
const STOP_ANSWER_LIMIT_MS = 500;
const LEVEL_INTERVAL_MS = 50;
const DEFAULT_FADE_MS = 10;
const DEFAULT_HOLD_FADE_MS = 20;

interface Answer {
  answerNumber: number;
  /** Not sent yet. */
  waiting: Float32Array[];
  waitingSamples: number;
  /** Sent, and not heard yet. */
  sent: UnheardAudio;
  isComplete: boolean;
  isEndSent: boolean;
  stopped: Deferred<number> | undefined;
}

/**
 * A browser tab as microphone and loudspeaker. The tab keeps the queue and does the fading, and says how much it has played;
 * this side sends no more than about 2 s ahead of that.
 */
export class BrowserBus implements AudioBus {
  readonly #events: AudioBusEvents;
  readonly #peer: BrowserAudioPeer;
  readonly #clock: Clock;
  readonly #framer = new CaptureFramer();
  readonly #inputMeter = new LevelMeter({ sampleRateHz: CAPTURE_RATE_HZ });
  readonly #answers = new Map<number, Answer>();
  readonly #finished = new FinishedAnswers();
  #resampler: StreamingResampler | undefined;
  #change = deferred<void>();
  #outputDbfs = SILENCE_DBFS;
  #isListening = false;
  #cancelLevels: (() => void) | undefined;

  constructor(options: { events: AudioBusEvents; peer: BrowserAudioPeer; clock: Clock }) {
    this.#events = options.events;
    this.#peer = options.peer;
    this.#clock = options.clock;
  }

  list(): Promise<AudioDevice[]> {
    return Promise.resolve([browserDevice('input', 'Microphone'), browserDevice('output', 'Loudspeaker')]);
  }

  async open(selection: { inputId: string | null; outputId: string | null }): Promise<void> {
    const known = new Set((await this.list()).map((device) => device.id));
    for (const id of [selection.inputId, selection.outputId]) {
      if (id !== null && !known.has(id)) throw new ParleyError({ code: 'unknown-device', stage: 'audio', detail: id });
    }
    if (this.#resampler) return;
    this.#events.onMicrophone('opening');
    this.#resampler = await StreamingResampler.create({ inputRateHz: 48_000, outputRateHz: CAPTURE_RATE_HZ });
    this.#reportLevels();
  }

  /** What the tab's microphone heard, in order. Dropped before `open`. */
  receiveMicrophone(frame: AudioFrame): void {
    if (!this.#resampler) return;
    if (!this.#isListening) this.#events.onMicrophone('ok');
    this.#isListening = true;
    if (this.#resampler.inputRateHz !== frame.sampleRateHz) {
      this.#resampler.restart({ inputRateHz: frame.sampleRateHz, outputRateHz: CAPTURE_RATE_HZ });
    }
    const samples = this.#resampler.process(frame.samples);
    this.#inputMeter.add(samples);
    const frames = this.#framer.add(samples);
    if (frames.length > 0) this.#events.onCapture(frames);
  }

  /** What the tab says that it has played. Counts beyond what was sent, and late ones, are ignored. */
  receivePlayed(command: Omit<CommandOf<'browser-played'>, 'type'>): void {
    const answer = this.#answers.get(command.answerNumber);
    if (!answer) return;
    const heard = answer.sent.advanceTo(command.playedSamples);
    if (heard.length > 0) this.#outputDbfs = rmsDbfs(joinSamples(heard));
    const isOver = command.ended && (answer.stopped !== undefined || answer.isEndSent);
    if (isOver) this.#finish(answer);
    else if (heard.length > 0) this.#report(answer, false);
    this.#pump();
  }

  async play(answerNumber: number, pcm: Float32Array, sampleRateHz: number): Promise<void> {
    if (this.#finished.has(answerNumber)) return;
    const answer = this.#answers.get(answerNumber) ?? newAnswer(answerNumber, sampleRateHz);
    if (answer.sent.sampleRateHz !== sampleRateHz) {
      throw new ParleyError({ code: 'bad-input', stage: 'audio', message: 'An answer has one sample rate.' });
    }
    if (answer.stopped || answer.isComplete) return;
    this.#answers.set(answerNumber, answer);
    const frameSamples = Math.round((sampleRateHz * FRAME_MS) / 1000);
    for (let at = 0; at < pcm.length; at += frameSamples) answer.waiting.push(pcm.subarray(at, at + frameSamples));
    answer.waitingSamples += pcm.length;
    this.#pump();
    while (this.#answers.get(answerNumber) === answer && queuedSeconds(answer) >= QUEUE_BOUND_SECONDS) {
      await this.#change.promise;
    }
  }

  endAnswer(answerNumber: number): void {
    const answer = this.#answers.get(answerNumber);
    if (answer) answer.isComplete = true;
    else if (!this.#finished.has(answerNumber)) this.#finish(newAnswer(answerNumber, CAPTURE_RATE_HZ));
    this.#pump();
  }

  async stopAnswer(answerNumber: number, fadeMs = DEFAULT_FADE_MS): Promise<number> {
    const finished = this.#finished.playedSamples(answerNumber);
    if (finished !== undefined) return finished;
    const answer = this.#answers.get(answerNumber) ?? newAnswer(answerNumber, CAPTURE_RATE_HZ);
    if (answer.stopped) return answer.stopped.promise;
    answer.waiting = [];
    answer.waitingSamples = 0;
    if (answer.sent.receivedSamples === 0) return this.#finish(answer);
    answer.stopped = deferred();
    this.#peer.sendEvent({ type: 'browser-stop', answerNumber, fadeMs });
    const cancel = this.#clock.schedule(fadeMs + STOP_ANSWER_LIMIT_MS, () => this.#finish(answer));
    const played = await answer.stopped.promise;
    cancel();
    return played;
  }

  setHeld(held: boolean, fadeMs = DEFAULT_HOLD_FADE_MS): void {
    this.#peer.sendEvent({ type: 'browser-hold', held, fadeMs });
  }

  setGain(gainDb: number, rampMs: number): void {
    this.#peer.sendEvent({ type: 'browser-gain', gainDb, rampMs });
  }

  /** Also what to do when the connection is gone: every answer ends with what the tab last said. */
  close(): Promise<void> {
    for (const answer of [...this.#answers.values()].sort(byNumber)) {
      const wasSent = answer.sent.receivedSamples > 0 && !answer.stopped;
      if (wasSent) this.#peer.sendEvent({ type: 'browser-stop', answerNumber: answer.answerNumber, fadeMs: 0 });
      this.#finish(answer);
    }
    this.#cancelLevels?.();
    this.#resampler?.close();
    this.#resampler = undefined;
    this.#isListening = false;
    this.#events.onMicrophone('off');
    return Promise.resolve();
  }

  /** Sends what may be sent: answers in order, and no more than the bound in flight. */
  #pump(): void {
    for (const answer of [...this.#answers.values()].sort(byNumber)) {
      while (answer.waiting.length > 0 && this.#secondsInFlight < QUEUE_BOUND_SECONDS) this.#send(answer);
      if (answer.waiting.length > 0 || !(answer.isComplete || answer.stopped)) break;
      if (!answer.isEndSent && !answer.stopped) {
        answer.isEndSent = true;
        this.#peer.sendEvent({ type: 'browser-end', answerNumber: answer.answerNumber });
      }
    }
    const change = this.#change;
    this.#change = deferred();
    change.resolve();
  }

  #send(answer: Answer): void {
    const samples = answer.waiting.shift()!;
    const { answerNumber, sent } = answer;
    const startSample = sent.receivedSamples;
    const { sampleRateHz } = sent;
    answer.waitingSamples -= samples.length;
    sent.add(samples);
    this.#peer.sendFrame({ kind: AudioFrameKind.loudspeaker, answerNumber, sampleRateHz, startSample, samples });
  }

  get #secondsInFlight(): number {
    let seconds = 0;
    for (const answer of this.#answers.values()) seconds += answer.sent.seconds;
    return seconds;
  }

  #finish(answer: Answer): number {
    const played = answer.sent.playedSamples;
    if (this.#finished.has(answer.answerNumber)) return played;
    this.#finished.add(answer.answerNumber, played);
    this.#answers.delete(answer.answerNumber);
    this.#report(answer, true);
    answer.stopped?.resolve(played);
    this.#pump();
    return played;
  }

  #report(answer: Answer, ended: boolean): void {
    const { answerNumber, sent } = answer;
    this.#events.onPlayback({ answerNumber, playedSamples: sent.playedSamples, ended });
  }

  #reportLevels(): void {
    this.#cancelLevels = this.#clock.schedule(LEVEL_INTERVAL_MS, () => {
      if (this.#answers.size === 0) this.#outputDbfs = SILENCE_DBFS;
      this.#events.onLevels({ inputDbfs: this.#inputMeter.dbfs, outputDbfs: this.#outputDbfs });
      this.#reportLevels();
    });
  }
}

function newAnswer(answerNumber: number, sampleRateHz: number): Answer {
  const state = { isComplete: false, isEndSent: false, stopped: undefined };
  return { answerNumber, waiting: [], waitingSamples: 0, sent: new UnheardAudio(sampleRateHz), ...state };
}

function queuedSeconds(answer: Answer): number {
  return answer.sent.seconds + answer.waitingSamples / answer.sent.sampleRateHz;
}

function byNumber(a: Answer, b: Answer): number {
  return a.answerNumber - b.answerNumber;
}

function browserDevice(kind: 'input' | 'output', name: string): AudioDevice {
  const common = { hostApi: 'browser', defaultSampleRateHz: 48_000, channels: 1, isDefault: true };
  return { id: `browser:${kind}`, name, kind, ...common };
}
