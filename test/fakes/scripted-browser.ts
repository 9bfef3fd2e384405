import type { BrowserAudioPeer, BrowserBus } from '../../main/audio/browser-bus.ts';
import type { AudioFrame } from '../../main/contract/audio-frame.ts';
import type { FakeClock } from './fake-clock.ts';

const TICK_MS = 20;

interface Queued {
  chunks: Float32Array[];
  rateHz: number;
  played: number;
  isEnded: boolean;
}

/** A browser tab's player on a fake clock: plays answers in order, fades nothing, and says every 20 ms what it has played. */
export class ScriptedBrowser implements BrowserAudioPeer {
  readonly frames: AudioFrame[] = [];
  readonly #queue = new Map<number, Queued>();
  readonly #clock: FakeClock;
  #gain = 1;
  #isHeld = false;
  #loudest = 0;
  #bus: BrowserBus | undefined;
  /** A tab that has been closed says nothing more. */
  isGone = false;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  connect(bus: BrowserBus): void {
    this.#bus = bus;
    this.#scheduleTick();
  }

  sendFrame(frame: AudioFrame): void {
    this.frames.push(frame);
    const { answerNumber, sampleRateHz, samples } = frame;
    const queued = this.#queue.get(answerNumber) ?? { chunks: [], rateHz: sampleRateHz, played: 0, isEnded: false };
    queued.chunks.push(samples);
    this.#queue.set(answerNumber, queued);
  }

  sendEvent(event: Parameters<BrowserAudioPeer['sendEvent']>[0]): void {
    if (event.type === 'browser-gain') this.#gain = 10 ** (event.gainDb / 20);
    if (event.type === 'browser-hold') this.#isHeld = event.held;
    if (event.type === 'browser-end') this.#queue.get(event.answerNumber)!.isEnded = true;
    if (event.type === 'browser-stop') {
      const queued = this.#queue.get(event.answerNumber);
      this.#queue.delete(event.answerNumber);
      if (queued) this.#say(event.answerNumber, queued, true);
    }
  }

  loudest(): number {
    const loudest = this.#loudest;
    this.#loudest = 0;
    return loudest;
  }

  #scheduleTick(): void {
    this.#clock.schedule(TICK_MS, () => {
      if (this.isGone) return;
      if (!this.#isHeld) this.#play();
      this.#scheduleTick();
    });
  }

  #play(): void {
    const answerNumber = Math.min(...this.#queue.keys());
    const queued = this.#queue.get(answerNumber);
    if (!queued) return;
    let wanted = Math.round((queued.rateHz * TICK_MS) / 1000);
    while (wanted > 0 && queued.chunks.length > 0) {
      const chunk = queued.chunks.shift()!;
      const part = chunk.subarray(0, wanted);
      if (part.length < chunk.length) queued.chunks.unshift(chunk.subarray(part.length));
      for (const sample of part) this.#loudest = Math.max(this.#loudest, Math.abs(sample) * this.#gain);
      wanted -= part.length;
      queued.played += part.length;
    }
    const isOver = queued.isEnded && queued.chunks.length === 0;
    if (isOver) this.#queue.delete(answerNumber);
    this.#say(answerNumber, queued, isOver);
  }

  /** In a later turn of the event loop, as over a socket. */
  #say(answerNumber: number, queued: Queued, ended: boolean): void {
    const playedSamples = queued.played;
    this.#clock.schedule(0, () => {
      if (!this.isGone) this.#bus?.receivePlayed({ answerNumber, playedSamples, ended });
    });
  }
}
