import { ParleyError } from '../../contract/errors.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { Transcript } from '../../ports/asr.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ListenerEvent, UtteranceReading } from '../../ports/listener.ts';
import { PartialPacing } from './partial-pacing.ts';
import type { Hearing, SegmentRecogniser } from './segment-recogniser.ts';
import type { SpeechTrack } from './speech-track.ts';
import { StablePrefix } from './stable-prefix.ts';
import type { TurnSense } from './turn-sense.ts';

/** Speech in the open segment before a partial is worth its cost: 320 ms. */
const MIN_PARTIAL_WINDOWS = 10;
/** A pause is noticed after 32 ms of silence, and all that was said is recognised at once, before anyone asks. */
const PAUSE_WINDOWS = 1;
/** Segments are closed at a pause of this length (256 ms) once they are this long (6 s): it bounds the cost of every later reading. */
const CUT_PAUSE_SAMPLES = 4096;
const CUT_FROM_SAMPLES = 96_000;
/** The next segment begins this long before its first word. */
const CUT_LEAD_SAMPLES = 3200;
/**
 * Without any pause, a segment is cut after 12 s (or what the recogniser takes, if that is less), where it sounds least like
 * speech, but not in the first half.
 */
const MAX_SEGMENT_SAMPLES = 192_000;
/** Words at the very end may be unfinished: no forced cut there. */
const FORCED_CUT_TAIL_SAMPLES = 16_000;

export interface OpenUtteranceOptions {
  utteranceId: number;
  fromSample: number;
  recogniser: SegmentRecogniser;
  turnSense: TurnSense;
  track: SpeechTrack;
  clock: Clock;
  emit(event: ListenerEvent): void;
}

/** What one utterance says: partials while it grows, a reading when asked. Long ones are closed piece by piece. */
export class OpenUtterance {
  readonly utteranceId: number;
  readonly #options: OpenUtteranceOptions;
  readonly #pacing: PartialPacing;
  readonly #ended = new AbortController();
  readonly #maxSegmentSamples: number;
  /** Text of the closed segments. */
  readonly #closed: string[] = [];
  /** Where the open segment begins. */
  #openFrom: number;
  /** The newest hearing of the open segment. */
  #heard: Hearing | undefined;
  #stable = new StablePrefix();
  /** Up to here recognition was tried, so that a failing recogniser is not asked again before more is said. */
  #triedTo = 0;
  #running: { endSample: number; abort: AbortController; done: Promise<void> } | undefined;
  #readings = 0;
  #lastPartial = '';

  constructor(options: OpenUtteranceOptions) {
    this.utteranceId = options.utteranceId;
    this.#options = options;
    this.#pacing = new PartialPacing(options.clock);
    this.#maxSegmentSamples = Math.min(MAX_SEGMENT_SAMPLES, options.recogniser.maxSegmentSamples);
    this.#openFrom = Math.max(0, options.fromSample);
  }

  /** To be called when the track has grown: decides whether there is something to recognise ahead. */
  advance(): void {
    if (this.#running || this.#readings > 0 || this.#ended.signal.aborted) return;
    const { track, turnSense } = this.#options;
    const endSample = track.endSample;
    this.#closeSegmentAtPause(endSample);
    const newFrom = Math.max(this.#triedTo, this.#heard?.endSample ?? this.#openFrom);
    if (!track.speechWindows(newFrom, endSample)) {
      if (this.#heard) turnSense.anticipate(this.#options.fromSample, endSample);
      return;
    }
    const paused = track.silentTailWindows() >= PAUSE_WINDOWS;
    const partialDue = this.#pacing.isDue() && track.speechWindows(this.#openFrom, endSample) >= MIN_PARTIAL_WINDOWS;
    if (paused || partialDue) this.#hearAhead(endSample);
  }

  /** Throws `cancelled` on abort and when the utterance ends meanwhile. */
  async read(toSample: number, signal: AbortSignal | undefined): Promise<UtteranceReading> {
    const both = signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal;
    this.#readings++;
    try {
      // One after the other: at the end of a 4 s utterance on two busy cores that took 152 ms, in two threads 135, and a
      // thread more would take its time from the language model that prepares the answer.
      const { transcript } = await this.#hearFor(toSample, both);
      const text = this.#text(transcript.text);
      const completeProbability = await this.#options.turnSense.probability(this.#options.fromSample, toSample, both);
      throwIfAborted(both, 'listen');
      return { text, completeProbability, ...emotionOf(transcript) };
    } finally {
      this.#readings--;
    }
  }

  end(): void {
    this.#ended.abort(new ParleyError({ code: 'cancelled', stage: 'listen', message: 'the utterance has ended' }));
    this.#running?.abort.abort(this.#ended.signal.reason);
  }

  /** Recognises without being asked; the result is a partial, and the reading if nothing more is said. */
  #hearAhead(endSample: number): void {
    this.#triedTo = endSample;
    const abort = new AbortController();
    const finished = this.#pacing.started();
    const done = this.#hear(endSample, abort.signal)
      .then(() => this.#emitPartial())
      // Cut short by a reading, or failed: then the reading fails too, and that one has someone to tell.
      .catch(() => {})
      .finally(() => {
        finished();
        this.#running = undefined;
        this.advance();
      });
    this.#running = { endSample, abort, done };
  }

  /** What was said up to `toSample`, with as little new work as possible. */
  async #hearFor(toSample: number, signal: AbortSignal): Promise<Hearing> {
    throwIfAborted(signal, 'listen');
    while (this.#running) {
      const { endSample, abort, done } = this.#running;
      if (!this.#saysTheSame(endSample, toSample)) abort.abort(abortReason());
      await untilAborted(done, signal, 'listen');
    }
    if (this.#heard && this.#saysTheSame(this.#heard.endSample, toSample)) return this.#heard;
    return this.#hear(Math.max(toSample, this.#openFrom), signal);
  }

  async #hear(toSample: number, signal: AbortSignal): Promise<Hearing> {
    while (toSample - this.#openFrom > this.#maxSegmentSamples) await this.#closeSegmentBy(this.#forcedCut(), signal);
    const range = { fromSample: this.#openFrom, toSample };
    const draft = this.#heard?.transcript;
    return (this.#heard = await this.#options.recogniser.hear(range, { signal, draft }));
  }

  async #closeSegmentBy(cutSample: number, signal: AbortSignal): Promise<void> {
    const range = { fromSample: this.#openFrom, toSample: cutSample };
    const draft = this.#heard?.transcript;
    const { transcript } = await this.#options.recogniser.hear(range, { signal, draft });
    // The recogniser ends everything like a sentence; here it was cut in the middle of one.
    this.#closeSegment(transcript.text.replace(/[.…]+$/u, ''), cutSample);
  }

  /** When speech goes on after a pause, what came before the pause is settled. */
  #closeSegmentAtPause(endSample: number): void {
    const heard = this.#heard;
    if (!heard || heard.endSample - this.#openFrom < CUT_FROM_SAMPLES) return;
    const { track } = this.#options;
    const resumed = track.firstSpeech(heard.endSample, endSample);
    const stopped = track.lastSpeechEnd(this.#openFrom, heard.endSample);
    if (resumed === undefined || stopped === undefined || resumed - stopped < CUT_PAUSE_SAMPLES) return;
    this.#closeSegment(heard.transcript.text, Math.max(stopped, resumed - CUT_LEAD_SAMPLES));
  }

  #closeSegment(text: string, cutSample: number): void {
    if (text !== '') this.#closed.push(text);
    this.#openFrom = cutSample;
    this.#heard = undefined;
    this.#stable = new StablePrefix();
  }

  #forcedCut(): number {
    const latest = this.#openFrom + this.#maxSegmentSamples - FORCED_CUT_TAIL_SAMPLES;
    return this.#options.track.leastSpeech(this.#openFrom + this.#maxSegmentSamples / 2, latest) ?? latest;
  }

  /** True when hearing up to one point or the other makes no difference: nobody speaks between them. */
  #saysTheSame(oneSample: number, otherSample: number): boolean {
    const [from, to] = [Math.min(oneSample, otherSample), Math.max(oneSample, otherSample)];
    return from >= this.#openFrom && this.#options.track.speechWindows(from, to) === 0;
  }

  #emitPartial(): void {
    if (!this.#heard || this.#ended.signal.aborted) return;
    const { endSample, transcript } = this.#heard;
    const open = this.#stable.update(transcript.text, endSample);
    const text = this.#text(open.text);
    const stableChars = text.length - open.text.length + open.stableChars;
    const seen = `${stableChars} ${text}`;
    // The words of a pause are told even when they are not new: that they are all is news.
    const isNews = seen !== this.#lastPartial || this.#options.track.silentTailWindows() >= PAUSE_WINDOWS;
    if (text === '' || !isNews) return;
    this.#lastPartial = seen;
    const { utteranceId } = this;
    this.#options.emit({ type: 'partial', utteranceId, text, stableChars, endSample, ...emotionOf(transcript) });
  }

  #text(openText: string): string {
    return [...this.#closed, openText].filter((part) => part !== '').join(' ');
  }
}

const emotionOf = ({ emotion }: Transcript): { emotion?: string } => (emotion === undefined ? {} : { emotion });

const abortReason = () =>
  new ParleyError({ code: 'cancelled', stage: 'listen', message: 'a reading was asked for', retryable: true });
