import type { ChildName } from '../../../main/contract/state.ts';
import { readProcessTree, type ProcessReading } from './proc-files.ts';

/** `other`: a process that the app started and that is none of its children. */
export type Role = 'app' | ChildName | 'other';

export interface RoleUsage {
  cpuSeconds: number;
  rssBytes: number;
  peakRssBytes: number;
}

export type Usage = Partial<Record<Role, RoleUsage>>;

const ROLES: readonly Role[] = ['app', 'audio', 'listen', 'think', 'speak', 'other'];

/** CPU time and memory of the app and its children, by what they are. A process that has ended keeps its CPU time in the account. */
export class ProcessMeter {
  readonly #rootPid: number;
  readonly #read: (rootPid: number) => ProcessReading[];
  readonly #seen = new Map<number, { role: Role; cpuSeconds: number; peakRssBytes: number }>();
  #peakRssBytes = 0;

  constructor(rootPid: number, read = readProcessTree) {
    this.#rootPid = rootPid;
    this.#read = read;
  }

  /** The largest sum of RSS over all processes at any look so far. Pages that they share count in each. */
  get peakRssBytes(): number {
    return this.#peakRssBytes;
  }

  look(): Usage {
    const readings = this.#read(this.#rootPid);
    const rssByRole = new Map<Role, number>();
    for (const { pid, cpuSeconds, rssBytes, peakRssBytes, commandLine } of readings) {
      const role = pid === this.#rootPid ? 'app' : roleOf(commandLine);
      this.#seen.set(pid, { role, cpuSeconds, peakRssBytes });
      rssByRole.set(role, (rssByRole.get(role) ?? 0) + rssBytes);
    }
    this.#peakRssBytes = Math.max(
      this.#peakRssBytes,
      readings.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    );
    return this.#account(rssByRole);
  }

  #account(rssByRole: Map<Role, number>): Usage {
    const usage: Usage = {};
    for (const role of ROLES) {
      const processes = [...this.#seen.values()].filter((process) => process.role === role);
      if (processes.length === 0) continue;
      usage[role] = {
        cpuSeconds: processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
        rssBytes: rssByRole.get(role) ?? 0,
        peakRssBytes: Math.max(...processes.map(({ peakRssBytes }) => peakRssBytes)),
      };
    }
    return usage;
  }
}

/** A child is called by its file until it has given itself a name. */
function roleOf(commandLine: string): Role {
  const name = /^parley-(audio|listen|think|speak)\b|\b(audio|listen|think|speak)-child\.[jt]s\b/.exec(commandLine);
  return ((name?.[1] ?? name?.[2]) as ChildName | undefined) ?? 'other';
}

/** CPU-seconds from one look to a later one, by role. */
export function cpuBetween(before: Usage, after: Usage): Partial<Record<Role, number>> {
  return Object.fromEntries(
    ROLES.filter((role) => after[role]).map((role) => [
      role,
      after[role]!.cpuSeconds - (before[role]?.cpuSeconds ?? 0),
    ]),
  );
}

export function total(byRole: Partial<Record<Role, number>>, roles: readonly Role[] = ROLES): number {
  return roles.reduce((sum, role) => sum + (byRole[role] ?? 0), 0);
}
