import type { SerialisedError } from '../../contract/errors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Condition } from '../room/conditions.ts';
import type { RoomBus } from '../room/room-bus.ts';
import type { ReplacedStages } from './replaced-stages.ts';
import type { SeenLine } from '../scoring/own-account.ts';

/** A call that a model made of a scripted tool. `at` is a sample of the recording. */
export interface SeenToolCall {
  at: number;
  name: string;
  arguments: unknown;
  /** The tool did not work although the script says that it does. */
  broke: boolean;
}

/** What the app itself tells of a session; `atMs` of lines is a sample of the recording. It explains figures and is never one. */
export interface SubjectAccount {
  lines: SeenLine[];
  toolCalls: SeenToolCall[];
  failures: { at: number; error: SerialisedError }[];
  /** Traces of answers by the ids of their lines. Absent where nothing is traced. */
  traces?: Record<string, string>;
}

/** One architecture at work between a simulated microphone and loudspeaker. */
export interface Subject {
  readonly bus: RoomBus;
  readonly account: SubjectAccount;
  close(): Promise<void>;
}

export interface SubjectRequest {
  /** Name of the cell that it is opened for. */
  cell: string;
  architectureId: string;
  scenario: Scenario;
  condition: Condition;
  /** What is heard beside the user. */
  background: Float32Array | undefined;
  /** Stages that give in one turn what they are told instead of their own work. Undefined: none. */
  replaced?: ReplacedStages | undefined;
}

/** Resolves when it listens. Rejects with a ParleyError when the architecture is not known or cannot be opened; nothing is left behind then. */
export type OpenSubject = (request: SubjectRequest) => Promise<Subject>;
