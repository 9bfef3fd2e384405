import type { ChildHost } from '../../children/child-host.ts';
import type { ArchitectureState } from '../../contract/architecture.ts';
import type { ParleyPaths } from '../../platform/paths.ts';
import type { EnvironmentSecrets } from '../../platform/secrets.ts';
import type { SecretKeeper } from '../../platform/secrets-store.ts';
import type { Settings } from '../../platform/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { FaultName } from '../faults/faults.ts';
import type { HeardSegment } from '../run/cell.ts';
import type { OpenSubject } from '../run/subject.ts';
import type { Wire } from '../sound/sound.ts';
import type { UserVoice } from '../speech/prepare-turn.ts';

export interface BenchOptions {
  clock: Clock;
  logger: Logger;
  paths: ParleyPaths;
  secrets: EnvironmentSecrets;
  /** Keys that were typed into the window. Default: none. */
  keyKeeper?: SecretKeeper;
  childHost: ChildHost;
  /** Engines and endpoint that are evaluated; what is remembered of the user is left out. */
  settings: Readonly<Settings>;
  /** Default: none. */
  faults?: readonly FaultName[];
  /** Of the whole run: traces of its turns carry it, so that they are found together. */
  runId: string;
  /** Told of what there is to be evaluated, when an app is open. */
  onArchitectures?(state: ArchitectureState): void;
}

/** What a run needs of the whole program: something to measure, the user's voice, and ears for the agent's side. */
export interface Bench {
  openSubject: OpenSubject;
  speaker: UserVoice;
  recognise(wire: Wire): Promise<HeardSegment[]>;
  close(): Promise<void>;
}

/** Given to the app by its composition root: the app cannot build apps itself. */
export interface EvaluationParts {
  suitesDir: string;
  bench(options: BenchOptions): Bench;
  /** Which models those settings mean, with the hashes of their files as they were installed. */
  engineFiles(settings: Readonly<Settings>, paths: Pick<ParleyPaths, 'modelsDir'>): unknown;
}
