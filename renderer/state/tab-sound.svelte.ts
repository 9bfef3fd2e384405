/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/messages.ts';
import type { ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

/** The part of BrowserAudio that is used here. */
export interface TabAudio {
  play(frame: ArrayBuffer): void;
  order(
    order:
      | { type: 'end'; answerNumber: number }
      | { type: 'stop'; answerNumber: number; fadeMs: number }
      | { type: 'gain'; gainDb: number; rampMs: number }
      | { type: 'hold'; held: boolean; fadeMs: number }
      | { type: 'clear' },
  ): void;
  close(): void;
}

export interface TabAudioCallbacks {
  onMicrophoneFrame(frame: ArrayBuffer): void;
  onPlayed(reports: { answerNumber: number; playedSamples: number; ended: boolean }[]): void;
  onLost(error: ParleyError): void;
}

export interface TabSoundOptions {
  client: ParleyClient;
  notices: Notices;
  /** Throws a ParleyError when the microphone cannot be had. */
  openAudio(callbacks: TabAudioCallbacks): Promise<TabAudio>;
  /** True when sound can start without a gesture of the reader. */
  mayStartUnasked(): Promise<boolean>;
  /** Remembers over a reload that this tab was the sound device. */
  remember: { get(): boolean; set(on: boolean): void };
}

const NOTICE_ID = 'tab-sound';

/** This tab as the app's microphone and loudspeaker: off until asked for, and taken up again after a lost connection. */
export class TabSound {
  readonly #options: TabSoundOptions;
  #phase: 'off' | 'starting' | 'on' = $state('off');
  /** The reader wants it and a gesture is missing. */
  #needsGesture = $state(false);
  #droppedFrames = $state(0);
  #audio: TabAudio | undefined;
  #wanted: boolean;

  constructor(options: TabSoundOptions) {
    this.#options = options;
    this.#wanted = options.remember.get();
    options.client.onAudio((frame) => this.#audio?.play(frame));
    options.client.onEvent((event) => this.#receive(event));
  }

  get phase(): 'off' | 'starting' | 'on' {
    return this.#phase;
  }

  get needsGesture(): boolean {
    return this.#needsGesture;
  }

  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  /** Call from a user gesture. Problems become a notice; never throws. */
  async start(): Promise<void> {
    if (this.#phase !== 'off') return;
    const { client, notices, openAudio } = this.#options;
    this.#phase = 'starting';
    this.#needsGesture = false;
    this.#want(true);
    try {
      const audio = await openAudio({
        onMicrophoneFrame: (frame) => this.#sendFrame(frame),
        onPlayed: (reports) => {
          for (const report of reports) client.notify({ type: 'browser-played', ...report });
        },
        onLost: (error) => this.#fail(error),
      });
      if (!this.#wanted) return audio.close();
      this.#audio = audio;
      await client.command({ type: 'use-browser-audio', on: true });
      notices.remove(NOTICE_ID);
      if (this.#audio === audio) this.#phase = 'on';
    } catch (cause) {
      this.#fail(ParleyError.from(cause, 'audio'));
    }
  }

  /** Gives sound back to the sound card. */
  async stop(): Promise<void> {
    if (!this.#wanted && this.#phase === 'off') return;
    this.#want(false);
    this.#release();
    await this.#options.client.command({ type: 'use-browser-audio', on: false }).catch(() => {});
  }

  #receive(event: AppEvent): void {
    switch (event.type) {
      case 'snapshot':
        return void this.#resume(event.state.audio.driver === 'browser' || event.state.audio.driver === 'none');
      case 'browser-stop':
        return this.#audio?.order({ type: 'stop', answerNumber: event.answerNumber, fadeMs: event.fadeMs });
      case 'browser-gain':
        return this.#audio?.order({ type: 'gain', gainDb: event.gainDb, rampMs: event.rampMs });
      case 'browser-hold':
        return this.#audio?.order({ type: 'hold', held: event.held, fadeMs: event.fadeMs });
      case 'browser-end':
        return this.#audio?.order({ type: 'end', answerNumber: event.answerNumber });
      default:
    }
  }

  /** A new connection: answers count from 1 again, and the app does not know yet that this tab is its device. */
  async #resume(appWaitsForTab: boolean): Promise<void> {
    const { client, mayStartUnasked } = this.#options;
    if (!client.carriesAudio) return;
    if (this.#audio !== undefined) {
      this.#audio.order({ type: 'clear' });
      await client.command({ type: 'use-browser-audio', on: true }).catch((cause) => {
        this.#fail(ParleyError.from(cause, 'audio'));
      });
      return;
    }
    if (this.#phase !== 'off' || !(this.#wanted || appWaitsForTab)) return;
    if (await mayStartUnasked()) await this.start();
    else this.#needsGesture = true;
  }

  #sendFrame(frame: ArrayBuffer): void {
    if (this.#phase === 'on' && !this.#options.client.sendAudio(frame)) this.#droppedFrames++;
  }

  #fail(error: ParleyError): void {
    this.#release();
    // A connection lost in between is told as such, and the next one tries again.
    if (error.code !== 'cancelled') {
      this.#want(false);
      this.#options.notices.addError(NOTICE_ID, error);
    }
  }

  #release(): void {
    this.#audio?.close();
    this.#audio = undefined;
    this.#phase = 'off';
    this.#needsGesture = false;
  }

  #want(on: boolean): void {
    this.#wanted = on;
    this.#options.remember.set(on);
  }
}
