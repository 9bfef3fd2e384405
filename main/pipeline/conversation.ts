import { architectureLabel } from '../contract/architecture.ts';
import { ParleyError, type SerialisedError } from '../contract/errors.ts';
import type { Floor, InputMode, TranscriptLine } from '../contract/state.ts';
import { Transcript, type DescribeLine } from '../domain/conversation/transcript.ts';
import { SerialQueue } from '../lib/serial-queue.ts';
import type { AudioBus, CaptureFrame, PlaybackProgress } from '../ports/audio-devices.ts';
import type { PastExchange } from '../ports/responder.ts';
import type { Loudspeaker, Notice, VoiceArchitecture, VoiceEvent, VoiceSession } from '../ports/voice-architecture.ts';

export interface ConversationEvents {
  onFloor(floor: Floor): void;
  onLine(line: TranscriptLine): void;
  onLinesRemoved(ids: string[]): void;
  /** A turn or an answer failed; the line that says so was sent before. */
  onFailure(error: SerialisedError): void;
  /** Who answers from now on, and whether the change is still under way. */
  onArchitecture(architecture: VoiceArchitecture, isSwitching: boolean): void;
}

export interface ConversationOptions {
  architecture: VoiceArchitecture;
  /** Takes over when the session of another architecture fails. Default: `architecture`. */
  fallback?: VoiceArchitecture;
  bus: AudioBus;
  inputMode: InputMode;
  /** Wall-clock time as ISO 8601, to stamp lines with. */
  stamp(): string;
  /** Adds to the lines what is known of them elsewhere. */
  describe?: DescribeLine;
  events: ConversationEvents;
}

/** Capture kept while one session is closed and the next is opened, in frames: 5 s. The oldest is lost first. */
const MAX_WAITING_FRAMES = 500;
/** Typed turns and notices that may wait for the next session. */
const MAX_WAITING_REQUESTS = 16;

/**
 * One conversation: the session of an architecture on the audio bus, and the transcript that is shown of it. It outlives its sessions: a
 * switch to another architecture in mid-conversation carries over what was heard, and loses no sound that comes in meanwhile.
 */
export class Conversation {
  readonly transcript: Transcript;
  readonly #options: ConversationOptions;
  readonly #changes = new SerialQueue('app');
  #architecture: VoiceArchitecture;
  #session: VoiceSession | null = null;
  #sessionNumber = 0;
  #inputMode: InputMode;
  #muted = false;
  #isHeld = false;
  #waitingFrames: CaptureFrame[] = [];
  #waitingRequests: ((session: VoiceSession) => void)[] = [];
  /** Answer numbers of the audio bus must never repeat, those of a session start over: the difference. */
  #answerOffset = 0;
  #highestAnswer = 0;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.transcript = new Transcript(options.describe);
    this.#architecture = options.architecture;
    this.#inputMode = options.inputMode;
  }

  get architecture(): VoiceArchitecture {
    return this.#architecture;
  }

  /** Opens the session; a conversation that is open begins anew, without what was said before. Rejects when neither the architecture nor the fallback can be opened. */
  begin(): Promise<void> {
    return this.#changes.run(async () => {
      await this.#closeSession();
      const removed = this.transcript.clear();
      if (removed.length > 0) this.#options.events.onLinesRemoved(removed);
      const { fallback = this.#architecture, events } = this.#options;
      try {
        await this.#open(this.#architecture, []);
      } catch (cause) {
        if (this.#architecture === fallback) throw cause;
        events.onFailure(ParleyError.from(cause, 'app').serialise());
        await this.#open(fallback, []);
        events.onArchitecture(fallback, false);
      }
    });
  }

  /**
   * Goes on in another architecture with what was heard so far; what is being said is cut off. When the other cannot be opened the one
   * before goes on, and the promise rejects with the reason.
   */
  switchTo(architecture: VoiceArchitecture): Promise<void> {
    return this.#changes.run(async () => {
      if (architecture === this.#architecture && this.#session) return;
      const before = this.#architecture;
      const { onArchitecture } = this.#options.events;
      onArchitecture(architecture, true);
      const history = await this.#closeSession();
      try {
        await this.#open(architecture, history);
      } catch (cause) {
        await this.#open(before, history).finally(() => onArchitecture(this.#architecture, false));
        throw cause;
      }
      onArchitecture(architecture, false);
    });
  }

  async #open(architecture: VoiceArchitecture, history: readonly PastExchange[]): Promise<void> {
    // Turn and answer numbers start over with each session; lines and what the bus plays must not.
    this.transcript.beginSession();
    this.#answerOffset = this.#highestAnswer;
    const offset = this.#answerOffset;
    const number = ++this.#sessionNumber;
    this.#architecture = architecture;
    const session = await architecture.open({
      loudspeaker: this.#loudspeakerFrom(offset),
      history,
      inputMode: this.#inputMode,
      onEvent: (event) => {
        if (number === this.#sessionNumber) this.#onEvent(event);
      },
    });
    session.setMuted(this.#muted);
    if (this.#isHeld) session.pushToTalk(true);
    this.#session = session;
    const frames = this.#waitingFrames.splice(0);
    if (frames.length > 0) session.push(frames);
    for (const request of this.#waitingRequests.splice(0)) request(session);
  }

  /** What was said and heard in it. Sound that comes in from here on waits for the next session. */
  async #closeSession(): Promise<readonly PastExchange[]> {
    const session = this.#session;
    if (!session) return [];
    this.#session = null;
    await session.close();
    this.#options.bus.setHeld(false);
    this.#options.events.onFloor('listening');
    return session.history;
  }

  #loudspeakerFrom(offset: number): Loudspeaker {
    const { bus } = this.#options;
    const busNumber = (answerNumber: number): number => {
      this.#highestAnswer = Math.max(this.#highestAnswer, answerNumber + offset);
      return answerNumber + offset;
    };
    return {
      play: (answerNumber, pcm, sampleRateHz) => bus.play(busNumber(answerNumber), pcm, sampleRateHz),
      endAnswer: (answerNumber) => bus.endAnswer(busNumber(answerNumber)),
      stopAnswer: (answerNumber, fadeMs) => bus.stopAnswer(busNumber(answerNumber), fadeMs),
      setHeld: (held, fadeMs) => bus.setHeld(held, fadeMs),
    };
  }

  onCapture(frames: CaptureFrame[]): void {
    if (this.#session) return this.#session.push(frames);
    this.#waitingFrames.push(...frames);
    this.#waitingFrames.splice(0, this.#waitingFrames.length - MAX_WAITING_FRAMES);
  }

  onPlayback(progress: PlaybackProgress): void {
    this.#session?.playback({ ...progress, answerNumber: progress.answerNumber - this.#answerOffset });
  }

  /** The process that listens was lost. */
  listenerLost(error: SerialisedError): void {
    this.#session?.listenerLost(error);
  }

  say(text: string): void {
    this.#whenOpen((session) => session.say(text));
  }

  /** Says something unasked, as soon as nobody has the floor. */
  announce(notice: Notice): void {
    this.#whenOpen((session) => session.announce(notice));
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
    this.#isHeld = held;
    this.#session?.pushToTalk(held);
  }

  async close(): Promise<void> {
    await this.#changes.close();
    await this.#closeSession();
  }

  #whenOpen(request: (session: VoiceSession) => void): void {
    if (this.#session) request(this.#session);
    else if (this.#waitingRequests.length < MAX_WAITING_REQUESTS) this.#waitingRequests.push(request);
  }

  /** Talk goes on with the fallback; the answer that was being said is lost, and said to be. */
  #sessionFailed(error: SerialisedError): void {
    const { events, architecture, fallback = architecture } = this.#options;
    events.onFailure(error);
    this.switchTo(fallback).catch((cause: unknown) => events.onFailure(ParleyError.from(cause, 'app').serialise()));
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
      case 'answer-started': {
        const { id, kind } = this.#architecture;
        const architecture = { id, kind, label: architectureLabel(this.#architecture) };
        return events.onLine(transcript.startAnswer({ ...event, at, architecture }));
      }
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
      case 'answer-recognised':
        return this.#changed(transcript.answerRecognised(event.answerNumber, event.text));
      case 'answer-withdrawn':
        return this.#removed(transcript.removeAnswer(event.answerNumber));
      case 'session-failed':
        return this.#sessionFailed(event.error);
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
