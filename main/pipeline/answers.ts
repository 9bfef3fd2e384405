import { isSelfEcho } from '../domain/barge-in/self-echo.ts';
import type { CancelReason } from '../domain/turn/effects.ts';
import type { PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReplyRequest, Responder } from '../ports/responder.ts';
import type { Tts } from '../ports/tts.ts';
import type { Loudspeaker, VoiceEvent } from '../ports/voice-architecture.ts';
import { ReplyRun, type ReplyOutcome } from './reply-run.ts';
import type { TurnAccounts } from './turn-accounts.ts';

export interface AnswersOptions {
  tts: Tts;
  clock: Clock;
  loudspeaker: Loudspeaker;
  accounts: TurnAccounts;
  naturalPauseMs(): number;
  onEvent(event: VoiceEvent): void;
  /** Nothing has to be thought about any more, and the answer misses nothing. */
  onKnown(answerNumber: number, by: 'skill' | 'cache'): void;
  onAudible(answerNumber: number): void;
  /** `asked`: it was heard to its end, and that was a question. */
  onFinished(answerNumber: number, options: { asked: boolean }): void;
}

export interface AnswerStart {
  answerNumber: number;
  turnId: number;
  request: ReplyRequest;
  speculative: boolean;
  responder: Pick<Responder, 'respond'>;
  onEnded?(outcome: ReplyOutcome): void;
}

/** The answers that are under way: their runs, what of them the user may see, and what of them was heard. */
export class Answers {
  readonly #options: AnswersOptions;
  /** Runs that have not ended yet, the newest last; cancelled ones leave when the loudspeaker has answered. */
  readonly #runs = new Map<number, ReplyRun>();
  /** Speculative runs that the user must not see yet. */
  readonly #hidden = new Set<number>();
  /** The last words of the last answer. */
  #lastSpoken = '';

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#runs.size === 0;
  }

  start({ onEnded, ...answer }: AnswerStart): void {
    const { tts, clock, loudspeaker, accounts, naturalPauseMs, onEvent, onKnown, onAudible } = this.#options;
    const { answerNumber, turnId, speculative } = answer;
    if (speculative) this.#hidden.add(answerNumber);
    else onEvent({ type: 'answer-started', answerNumber, turnId });
    const timeline = accounts.timelineOf(turnId);
    timeline.mark('answer-started', clock.nowMs());
    const run = new ReplyRun({
      ...answer,
      tts,
      loudspeaker,
      clock,
      timeline,
      naturalPauseMs: naturalPauseMs(),
      onProgress: (each) => this.#show(each),
      // A skill that asks back misses something, which may be on its way; what a table asks ("… How are you?") is only polite.
      onKnown: (each, by) => (by === 'skill' && isQuestion(each.text) ? undefined : onKnown(answerNumber, by)),
      onAudible: (each) => onAudible(each.answerNumber),
      onApplied: (each, undo) => accounts.keepUndo(each.turnId, undo),
      onEnded: (each, outcome) => {
        onEnded?.(outcome);
        this.#end(each, outcome);
      },
    });
    this.#runs.set(answerNumber, run);
  }

  /** The turn is over: an answer that was prepared may be seen and heard. */
  release(answerNumber: number): void {
    const run = this.#runs.get(answerNumber);
    if (!run) return;
    this.#hidden.delete(answerNumber);
    this.#options.onEvent({ type: 'answer-started', answerNumber, turnId: run.turnId });
    run.release();
    if (run.text !== '') this.#show(run);
  }

  cancel(answerNumber: number, reason: CancelReason): void {
    const run = this.#runs.get(answerNumber);
    // The account of an answer that never was is of no use to the next one.
    if (run && this.#hidden.has(answerNumber)) this.#options.accounts.forgetTimeline(run.turnId);
    run?.interrupt(reason);
  }

  onPlayback(progress: PlaybackProgress): void {
    this.#runs.get(progress.answerNumber)?.onPlayback(progress);
  }

  /** Whether these words are what the loudspeaker says, or has just said. */
  echoes(text: string, answerNumber: number | undefined): boolean {
    const run = answerNumber === undefined ? undefined : this.#runs.get(answerNumber);
    return isSelfEcho(text, (run && justSpoken(run)) || this.#lastSpoken);
  }

  /** Silences everything; resolves when it is known what was heard. */
  async close(): Promise<void> {
    const runs = [...this.#runs.values()];
    for (const run of runs) run.interrupt('shutdown');
    await Promise.all(runs.map(({ ended }) => ended));
  }

  #show({ answerNumber, text, heardChars }: ReplyRun): void {
    if (!this.#hidden.has(answerNumber)) this.#options.onEvent({ type: 'answer-text', answerNumber, text, heardChars });
  }

  #end(run: ReplyRun, outcome: ReplyOutcome): void {
    const { accounts, onEvent, onFinished } = this.#options;
    const { answerNumber, turnId, userText } = run;
    this.#runs.delete(answerNumber);
    this.#lastSpoken = justSpoken(run) || this.#lastSpoken;
    const wasHidden = this.#hidden.delete(answerNumber);
    accounts.keepHeard(turnId, { user: userText, heard: outcome.text.slice(0, outcome.heardChars) });
    const takenBack = outcome.reason === 'superseded' || outcome.reason === 'barge-in';
    if (!wasHidden && takenBack && outcome.heardChars === 0) onEvent({ type: 'answer-withdrawn', answerNumber });
    else if (!wasHidden) this.#reportEnd(run, outcome);
    const asked = outcome.outcome === 'done' && outcome.answeredBy !== 'notice' && isQuestion(outcome.text);
    onFinished(answerNumber, { asked });
  }

  #reportEnd(run: ReplyRun, outcome: ReplyOutcome): void {
    const { answerNumber, turnId } = run;
    const { outcome: how, text, heardChars, error, answeredBy } = outcome;
    const timing = run.timeline.timing();
    const end = { answerNumber, turnId, outcome: how, text, heardChars, error, timing, answeredBy };
    this.#options.onEvent({ type: 'answer-ended', ...end });
    this.#options.accounts.forget(turnId);
  }
}

/** The answer ends by asking. */
function isQuestion(text: string): boolean {
  return /\?["'”’)]*\s*$/u.test(text);
}

/** Some 15 s of speech, and the words that sound before the device has reported them. */
const JUST_SPOKEN_CHARS = 240;
const AHEAD_CHARS = 24;

/** The words around the point that the loudspeaker has reached: what a microphone may hear of it now. "" while nothing was heard. */
function justSpoken({ text, heardChars }: ReplyRun): string {
  return heardChars === 0 ? '' : text.slice(Math.max(0, heardChars - JUST_SPOKEN_CHARS), heardChars + AHEAD_CHARS);
}
