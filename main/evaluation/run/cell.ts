import { createHash } from 'node:crypto';
import type { Scenario, Suite } from '../scenario/scenario.ts';
import type { PlacedTurn } from './play-scenario.ts';
import type { SubjectAccount } from './subject.ts';

export const CELL_VERSION = 1;

/** One scenario with one architecture, once. */
export interface Cell {
  suite: Suite;
  scenario: Scenario;
  architectureId: string;
  /** Counts from 1. */
  repetition: number;
}

/** What somebody said on the agent's channel, by the recogniser. Samples of the recording. */
export interface HeardSegment {
  fromSample: number;
  toSample: number;
  text: string;
}

/** What is kept of a cell: all that scores are made of, beside the recording. */
export interface CellRecord {
  version: typeof CELL_VERSION;
  /** Of all that the cell was made of: a scenario that was changed is another cell. */
  key: string;
  suite: string;
  architectureId: string;
  repetition: number;
  scenario: Scenario;
  seed: number;
  startedAt: string;
  tookSeconds: number;
  /** Stages that were broken on purpose. */
  faults: string[];
  /** Why there is nothing more. */
  error: { message: string; stage: string | null } | null;
  recordedSamples: number;
  turns: (PlacedTurn & { text: string | null })[];
  account: SubjectAccount;
  heard: HeardSegment[];
}

/** File name without its ending; the same for every run with the same options. */
export function cellName({ suite, scenario, architectureId, repetition }: Cell): string {
  return `${suite.suite}.${scenario.id}.${architectureId}.${repetition}`;
}

export function cellKey({ suite, scenario, architectureId, repetition }: Cell, options: object): string {
  const made = JSON.stringify([suite.suite, suite.voice, scenario, architectureId, repetition, options]);
  return createHash('sha256').update(made).digest('hex').slice(0, 16);
}

/**
 * Every scenario with every architecture. Architectures change places from one scenario and repetition to the next (A B, B A), so that a
 * machine that grows slower hurts none of them more.
 */
export function planCells(options: {
  suites: readonly Suite[];
  architectureIds: readonly string[];
  repeat: number;
  shard: { index: number; count: number };
}): Cell[] {
  const { suites, architectureIds, repeat, shard } = options;
  const groups: Cell[][] = [];
  for (let repetition = 1; repetition <= repeat; repetition++) {
    for (const suite of suites) {
      for (const scenario of suite.scenarios) {
        const ordered = groups.length % 2 === 0 ? architectureIds : architectureIds.toReversed();
        groups.push(ordered.map((architectureId) => ({ suite, scenario, architectureId, repetition })));
      }
    }
  }
  // What is compared is measured on the same machine: a scenario goes to one shard with all its architectures.
  return groups.filter((_, i) => i % shard.count === shard.index - 1).flat();
}

const SECONDS_PER_TURN = 7.5;
const START_SECONDS = 9;

/** About how long it takes, for the time that is left. */
export function expectedSeconds({ scenario }: Cell): number {
  return START_SECONDS + SECONDS_PER_TURN * scenario.turns.length;
}
