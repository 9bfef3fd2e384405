import type { WindowClient } from '../../product/window-client.ts';
import type { PositionAt } from '../../../../main/evaluation/scoring/own-account.ts';

/** A voice assistant that is measured: a process that has opened the default sound devices and listens. */
export interface PeerProduct {
  readonly pid: number;
  /** Start of the process → it says that it listens. */
  readonly coldStartMs: number;
  readonly isRunning: boolean;
  /** What can press its stop button. */
  readonly client?: Pick<WindowClient, 'command'>;
  /** When it took a turn for ended (performance.now()), heard or not. */
  turnEndsMs(): number[];
  /** Which of its parts answered with the sound that began there, by its own account. Null: it has none, or did not say. */
  answeredBy(onset: { sample: number; sampleRateHz: number; positionAt: PositionAt }): string | null;
  /** What it has printed or logged, for the curious. */
  log(): Promise<string>;
  stop(): Promise<void>;
}
