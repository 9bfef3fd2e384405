import type { ClipScore } from '../../../../main/evaluation/scoring/score-session.ts';
import type { PlannedSession } from '../plan.ts';

/** What came of one clip, from the recording; `turnEndsMs`, `answeredBy` are the product's own account. */
export type PeerClip = ClipScore & {
  source: string;
  /** A request whose long answer is interrupted: no turn to measure. */
  isRequest: boolean;
  /** How long the user speaks. */
  speechMs: number;
  slipMs: number;
  /** From the start of the clip until 2 s after the answer. */
  cpuSeconds: number;
  /** Of the shared model's server. Null: the product thinks by itself. */
  serverCpuSeconds: number | null;
  /** When the product took the turn for ended, after the last sample of the user's speech. Negative: inside it. */
  turnEndsMs: number[];
  answeredBy: string | null;
};

/** One session with one product. */
export interface PeerSessionResult {
  session: PlannedSession;
  /** Ids of all that was to be said: a result of another plan is not used again. */
  planned: string[];
  at: string;
  loadAverage: number[];
  tookSeconds: number;
  coldStartMs: number;
  idle: { seconds: number; cpuPercent: number };
  peakRssMb: { product: number; server: number | null };
  clips: PeerClip[];
  /** Not said, since there was no answer to say them into, or not found on the wire. */
  lost: string[];
}
