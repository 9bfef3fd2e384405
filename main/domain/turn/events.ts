import type { SerialisedError } from '../../contract/errors.ts';
import type { InputMode } from '../../contract/state.ts';
import type { Reading } from './state.ts';

/** Everything that can change who has the floor. */
export type TurnEvent =
  /** `capturedAtMs`: when the end of the window was captured, which is before now when the listening is behind. */
  | { type: 'vad'; endSample: number; probability: number; levelDbfs: number; capturedAtMs: number }
  | { type: 'partial'; utteranceId: number; text: string; endSample: number; echoes: boolean }
  /** `echoes`: the words are those that the loudspeaker has just said. */
  | ({ type: 'reading'; utteranceId: number } & Reading)
  /** What came of asking whether these words are a whole sentence; null when it cannot be told. */
  | { type: 'sentence-end'; utteranceId: number; text: string; probability: number | null }
  | { type: 'reading-failed'; utteranceId: number; toSample: number; error: SerialisedError }
  /** The answer needs no thought: a skill or the table of replies has all of it, and misses nothing. */
  | { type: 'answer-known'; answerNumber: number; by: 'skill' | 'cache' }
  /** The first sample of the answer has left the loudspeaker. */
  | { type: 'answer-audible'; answerNumber: number }
  /** The answer is over: played to its end, or failed. `asked`: it was heard to its end, and that was a question. */
  | { type: 'answer-finished'; answerNumber: number; asked: boolean }
  | { type: 'typed'; text: string }
  /** There is something to say that nobody asked for. */
  | { type: 'notice'; noticeId: number }
  | { type: 'stop' }
  | { type: 'set-input-mode'; inputMode: InputMode }
  | { type: 'set-muted'; muted: boolean }
  /**
   * `capturedSample`: how far the microphone had come by then, which the listening may have still to hear. Default: as far as was heard.
   */
  | { type: 'push-to-talk'; held: boolean; capturedSample?: number }
  /** The listening process was lost: what was open there is gone. */
  | { type: 'listener-lost'; error: SerialisedError }
  /** The microphone is (no longer) switched off while the loudspeaker plays. */
  | { type: 'half-duplex'; on: boolean }
  /**
   * Sound or time has a hole of seconds: the machine slept, the capture stood still. `clockMs` of it went by on the clock without anything
   * having had a chance to happen.
   */
  | { type: 'gap'; clockMs: number }
  /** Time has passed; see `nextDeadlineMs`. */
  | { type: 'tick' };
