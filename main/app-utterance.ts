import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from './contract/errors.ts';
import { MAX_UTTERANCE_SECONDS, type EvaluationState } from './contract/evaluation.ts';
import { saveUtterance, UtteranceRecorder } from './evaluation/panel/utterance.ts';
import { fileError } from './evaluation/panel/run-shelf.ts';
import { ROOM_RATE_HZ } from './evaluation/sound/room-sound.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { CaptureFrame } from './ports/audio-devices.ts';
import type { Clock } from './ports/clock.ts';
import type { ClientConnection } from './transport/app-endpoint.ts';

export interface AppUtteranceOptions {
  clock: Clock;
  store: AppStateStore;
  /** Of all evaluations. */
  folder: string;
  pause(paused: boolean): void;
  changed(): void;
  failed(cause: unknown): void;
}

/** No run can have this name. */
const FOLDER = '_recorded';
const TOLD_EVERY_MS = 500;

/** An utterance is taken from the microphone of the conversation, which waits meanwhile, and kept until the next one or the app's end. */
export class AppUtterance {
  readonly #options: AppUtteranceOptions;
  #active: { recorder: UtteranceRecorder; connection: ClientConnection; sinceMs: number; cancel(): void } | null = null;
  #recorded: { seconds: number; name: string } | null = null;
  #count = 0;

  constructor(options: AppUtteranceOptions) {
    this.#options = options;
  }

  get isRecording(): boolean {
    return this.#active !== null;
  }

  get recording(): EvaluationState['recording'] {
    return this.#active && { seconds: this.#active.recorder.seconds };
  }

  get recorded(): EvaluationState['recorded'] {
    return this.#recorded && { seconds: this.#recorded.seconds, url: `/evaluations/${FOLDER}/${this.#recorded.name}` };
  }

  /** Null: nothing was recorded. */
  get file(): string | null {
    return this.#recorded && join(this.#folder, this.#recorded.name);
  }

  /** Throws `no-device`, `microphone-muted`. */
  async begin(connection: ClientConnection): Promise<void> {
    const { audio, muted } = this.#options.store.state;
    if (muted) throw new ParleyError({ code: 'microphone-muted', stage: 'audio' });
    if (audio.microphone !== 'ok') throw new ParleyError({ code: 'no-device', stage: 'audio' });
    const { clock, pause, changed } = this.#options;
    const active = { recorder: new UtteranceRecorder(), connection, sinceMs: clock.nowMs(), cancel: () => {} };
    this.#active = active;
    pause(true);
    const tick = (): void => {
      // By the clock as well: the microphone may be gone.
      if (active.recorder.isFull || clock.nowMs() - active.sinceMs > MAX_UTTERANCE_SECONDS * 1000)
        return void this.finish();
      active.cancel = clock.schedule(TOLD_EVERY_MS, tick);
      changed();
    };
    tick();
    return Promise.resolve();
  }

  capture(frames: readonly CaptureFrame[]): void {
    this.#active?.recorder.push(frames);
  }

  /** Keeps what was said. Never rejects: what is wrong is told. */
  async finish(): Promise<void> {
    const recorder = this.#end();
    if (!recorder) return;
    try {
      const speech = recorder.speech();
      if (!speech) throw new ParleyError({ code: 'nothing-heard', stage: 'audio' });
      await rm(this.#folder, { recursive: true, force: true });
      this.#recorded = null;
      // Another name: a player may have kept the one before.
      const name = `utterance-${++this.#count}.wav`;
      await saveUtterance(join(this.#folder, name), speech);
      this.#recorded = { seconds: speech.length / ROOM_RATE_HZ, name };
      this.#options.changed();
    } catch (cause) {
      this.#options.failed(fileError(cause));
    }
  }

  /** Whoever recorded has gone: what was said is nobody's. */
  forgetConnection(connection: ClientConnection): void {
    if (this.#active?.connection !== connection) return;
    this.#end();
    this.#options.changed();
  }

  async close(): Promise<void> {
    this.#end();
    await rm(this.#folder, { recursive: true, force: true }).catch(() => {});
  }

  #end(): UtteranceRecorder | undefined {
    const active = this.#active;
    if (!active) return undefined;
    active.cancel();
    this.#active = null;
    this.#options.pause(false);
    return active.recorder;
  }

  get #folder(): string {
    return join(this.#options.folder, FOLDER);
  }
}
