import { Timeline } from '../domain/conversation/timeline.ts';
import { ReplyRun, type ReplyOutcome } from '../pipeline/reply-run.ts';
import type { PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { Tts } from '../ports/tts.ts';
import type { Loudspeaker, Notice, VoiceEvent } from '../ports/voice-architecture.ts';

export interface NoticeParts {
  clock: Clock;
  /** Alarms ring in a voice of ours: the provider knows nothing of them. */
  tts: Tts;
}

const MAX_NOTICES = 16;
const NEVER_BEGUN = { outcome: 'interrupted', heardChars: 0 } as const;

export interface NoticeSurroundings {
  loudspeaker: Loudspeaker;
  onEvent(event: VoiceEvent): void;
  numbers(): { answerNumber: number; turnId: number };
  /** A notice has begun or ended. */
  onChanged(): void;
}

/** Says notices one after the other while nobody has the floor. */
export class NoticeRun {
  readonly #parts: NoticeParts;
  readonly #around: NoticeSurroundings;
  readonly #waiting: Notice[] = [];
  #run: ReplyRun | null = null;
  #isFree = true;
  #isClosed = false;

  constructor(parts: NoticeParts, around: NoticeSurroundings) {
    this.#parts = parts;
    this.#around = around;
  }

  get isSpeaking(): boolean {
    return this.#run !== null;
  }

  /** At most 16 wait; the oldest gives way. */
  add(notice: Notice): void {
    if (this.#isClosed) return notice.onEnded?.(NEVER_BEGUN);
    if (this.#waiting.length >= MAX_NOTICES) this.#waiting.shift()!.onEnded?.(NEVER_BEGUN);
    this.#waiting.push(notice);
    this.#next();
  }

  setFloorFree(isFree: boolean): void {
    this.#isFree = isFree;
    this.#next();
  }

  onPlayback(progress: PlaybackProgress): void {
    this.#run?.onPlayback(progress);
  }

  interrupt(): void {
    this.#run?.interrupt('barge-in');
  }

  close(): void {
    this.#isClosed = true;
    for (const notice of this.#waiting.splice(0)) notice.onEnded?.(NEVER_BEGUN);
    this.#run?.interrupt('shutdown');
  }

  #next(): void {
    if (!this.#isFree || this.#run || this.#isClosed) return;
    const notice = this.#waiting.shift();
    if (!notice) return;
    const { clock, tts } = this.#parts;
    const { loudspeaker, onEvent, numbers } = this.#around;
    const { answerNumber, turnId } = numbers();
    onEvent({ type: 'answer-started', answerNumber, turnId });
    this.#run = new ReplyRun({
      answerNumber,
      turnId,
      request: { history: [], userText: '' },
      speculative: false,
      responder: { respond: (_, options = {}) => notice.respond(options) },
      tts,
      loudspeaker,
      clock,
      timeline: new Timeline(),
      naturalPauseMs: 0,
      onProgress: ({ text, heardChars }) => onEvent({ type: 'answer-text', answerNumber, text, heardChars }),
      onKnown() {},
      onAudible() {},
      onApplied() {},
      onEnded: (run, outcome) => this.#onEnded(notice, run, outcome),
    });
    this.#around.onChanged();
  }

  #onEnded(notice: Notice, run: ReplyRun, outcome: ReplyOutcome): void {
    const { answerNumber, turnId } = run;
    const { text, heardChars, error } = outcome;
    this.#run = null;
    notice.onEnded?.(outcome);
    this.#around.onEvent({
      type: 'answer-ended',
      answerNumber,
      turnId,
      outcome: outcome.outcome,
      text,
      heardChars,
      error,
      timing: run.timeline.timing(),
      answeredBy: 'notice',
    });
    this.#around.onChanged();
  }
}
