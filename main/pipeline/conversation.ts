import type { SerialisedError } from '../contract/errors.ts';
import type { Floor, InputMode, TranscriptLine } from '../contract/state.ts';
import { Transcript } from '../domain/conversation/transcript.ts';
import type { AudioBus, CaptureFrame, PlaybackProgress } from '../ports/audio-devices.ts';
import type { Notice, VoiceArchitecture, VoiceEvent, VoiceSession } from '../ports/voice-architecture.ts';

export interface ConversationEvents {
  onFloor(floor: Floor): void;
  onLine(line: TranscriptLine): void;
  onLinesRemoved(ids: string[]): void;
  /** A turn or an answer failed; the line that says so was sent before. */
  onFailure(error: SerialisedError): void;
}

export interface ConversationOptions {
  architecture: VoiceArchitecture;
  bus: AudioBus;
  inputMode: InputMode;
  /** Wall-clock time as ISO 8601, to stamp lines with. */
  stamp(): string;
  events: ConversationEvents;
}

/** One conversation: the session of an architecture on the audio bus, and the transcript that is shown of it. */
export class Conversation {
  readonly transcript = new Transcript();
  readonly #options: ConversationOptions;
  #session: VoiceSession | null = null;
  #inputMode: InputMode;
  #muted = false;
  /** Answer numbers of the audio bus must never repeat, those of a session start over: the difference. */
  #answerOffset = 0;
  #highestAnswer = 0;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#inputMode = options.inputMode;
  }

  /** Opens the session; a conversation that is open begins anew, without what was said before. */
  async begin(): Promise<void> {
    await this.#session?.close();
    const removed = this.transcript.clear();
    if (removed.length > 0) this.#options.events.onLinesRemoved(removed);
    this.transcript.beginSession();
    this.#answerOffset = this.#highestAnswer;
    const offset = this.#answerOffset;
    const { bus, architecture } = this.#options;
    const busNumber = (answerNumber: number): number => {
      this.#highestAnswer = Math.max(this.#highestAnswer, answerNumber + offset);
      return answerNumber + offset;
    };
    const session = await architecture.open({
      loudspeaker: {
        play: (answerNumber, pcm, sampleRateHz) => bus.play(busNumber(answerNumber), pcm, sampleRateHz),
        endAnswer: (answerNumber) => bus.endAnswer(busNumber(answerNumber)),
        stopAnswer: (answerNumber, fadeMs) => bus.stopAnswer(busNumber(answerNumber), fadeMs),
        setHeld: (held, fadeMs) => bus.setHeld(held, fadeMs),
      },
      history: [],
      inputMode: this.#inputMode,
      onEvent: (event) => {
        if (offset === this.#answerOffset) this.#onEvent(event);
      },
    });
    session.setMuted(this.#muted);
    this.#session = session;
  }

  onCapture(frames: CaptureFrame[]): void {
    this.#session?.push(frames);
  }

  onPlayback(progress: PlaybackProgress): void {
    this.#session?.playback({ ...progress, answerNumber: progress.answerNumber - this.#answerOffset });
  }

  /** The process that listens was lost. */
  listenerLost(error: SerialisedError): void {
    this.#session?.listenerLost(error);
  }

  say(text: string): void {
    this.#session?.say(text);
  }

  /** Says something unasked, as soon as nobody has the floor. */
  announce(notice: Notice): void {
    if (this.#session) this.#session.announce(notice);
    else notice.onEnded?.({ outcome: 'interrupted', heardChars: 0 });
  }

  stop(): void {
    this.#session?.stop();
  }

  setInputMode(inputMode: InputMode): void {
    this.#inputMode = inputMode;
    this.#session?.setInputMode(inputMode);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#session?.setMuted(muted);
  }

  pushToTalk(held: boolean): void {
    this.#session?.pushToTalk(held);
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#session = null;
  }

  #onEvent(event: VoiceEvent): void {
    const { events, stamp } = this.#options;
    const { transcript } = this;
    const at = stamp();
    switch (event.type) {
      case 'floor':
        return events.onFloor(event.floor);
      case 'user-text': {
        const { final, type: _type, ...line } = event;
        return events.onLine(transcript.setUser({ ...line, status: final ? 'final' : 'partial', at }));
      }
      case 'user-dropped':
        return this.#removed(transcript.removeUser(event.turnId));
      case 'turn-failed':
        events.onLine(transcript.failTurn({ turnId: event.turnId, at, error: event.error }));
        return events.onFailure(event.error);
      case 'answer-started':
        return events.onLine(transcript.startAnswer({ ...event, at }));
      case 'answer-text':
        return this.#changed(transcript.updateAnswer(event.answerNumber, event));
      case 'answer-ended': {
        const { outcome: status, text, heardChars, error, timing, answeredBy } = event;
        this.#changed(
          transcript.endAnswer(event.answerNumber, { status, text, heardChars, error, timing, answeredBy }),
        );
        if (error) events.onFailure(error);
        return;
      }
      case 'answer-withdrawn':
        return this.#removed(transcript.removeAnswer(event.answerNumber));
      default:
        event satisfies never;
    }
  }

  #changed(line: TranscriptLine | undefined): void {
    if (line) this.#options.events.onLine(line);
  }

  #removed(ids: string[]): void {
    if (ids.length > 0) this.#options.events.onLinesRemoved(ids);
  }
}
