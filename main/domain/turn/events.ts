import type { SerialisedError } from '../../contract/errors.ts';
import type { InputMode } from '../../contract/state.ts';

/** Everything that can change who has the floor. */
export type TurnEvent =
  /** `capturedAtMs`: when the end of the window was captured, which is before now when the listening is behind. */
  | { type: 'vad'; endSample: number; probability: number; capturedAtMs: number }
  | { type: 'partial'; utteranceId: number; text: string; endSample: number }
  | { type: 'reading'; utteranceId: number; toSample: number; text: string; completeProbability: number | null }
  | { type: 'reading-failed'; utteranceId: number; toSample: number; error: SerialisedError }
  /** The first sample of the answer has left the loudspeaker. */
  | { type: 'answer-audible'; answerNumber: number }
  /** The answer is over: played to its end, or failed. */
  | { type: 'answer-finished'; answerNumber: number }
  | { type: 'typed'; text: string }
  /** There is something to say that nobody asked for. */
  | { type: 'notice'; noticeId: number }
  | { type: 'stop' }
  | { type: 'set-input-mode'; inputMode: InputMode }
  | { type: 'set-muted'; muted: boolean }
  | { type: 'push-to-talk'; held: boolean }
  /** The listening process was lost: what was open there is gone. */
  | { type: 'listener-lost'; error: SerialisedError }
  /** Time has passed; see `nextDeadlineMs`. */
  | { type: 'tick' };
