import type { ChildName } from '../contract/state.ts';
import { DEFAULT_HEARTBEAT_LIMITS, type HeartbeatLimits } from './heartbeat.ts';
import { DEFAULT_RESTART_LIMITS, type RestartLimits } from './restart-policy.ts';

export interface ChildLimits {
  /** From spawning to the loaded engine; also how long a call waits for a child that is (re)starting. */
  startMs: number;
  /** Of a call, or the wait for a stream's next item, that names no limit of its own. */
  callMs: number;
  /** For closing the engine when asked to stop; then the process is killed. */
  stopMs: number;
  /** How long a killed process may take to be gone before it is no longer waited for. */
  goneMs: number;
  /** Calls that may wait for a (re)starting child; further ones fail at once. */
  maxWaiting: number;
  /** Elapsed call limits without a success in between, after which the child is restarted though it answers its heartbeat. */
  maxTimeoutsInRow: number;
  heartbeat: HeartbeatLimits;
  restart: RestartLimits;
}

export type ChildLimitOverrides = Partial<Omit<ChildLimits, 'heartbeat' | 'restart'>> & {
  heartbeat?: Partial<HeartbeatLimits>;
  restart?: Partial<RestartLimits>;
};

/** A language model of several GB is read from a slow disk in tens of seconds; everything else is loaded within a few. */
const START_MS: Record<ChildName, number> = { audio: 20_000, listen: 20_000, think: 60_000, speak: 20_000 };

export function childLimits(name: ChildName, overrides: ChildLimitOverrides = {}): ChildLimits {
  return {
    startMs: START_MS[name],
    callMs: 30_000,
    stopMs: 4000,
    goneMs: 2000,
    maxWaiting: 64,
    maxTimeoutsInRow: 3,
    ...overrides,
    heartbeat: { ...DEFAULT_HEARTBEAT_LIMITS, ...overrides.heartbeat },
    restart: { ...DEFAULT_RESTART_LIMITS, ...overrides.restart },
  };
}
