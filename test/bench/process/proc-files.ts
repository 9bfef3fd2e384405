import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of a process in /proc. */
export interface ProcessReading {
  pid: number;
  parentPid: number;
  /** User and system, of all its threads. */
  cpuSeconds: number;
  rssBytes: number;
  /** The most it ever had. */
  peakRssBytes: number;
  commandLine: string;
}

let ticksPerSecond: number | undefined;

/** Kernel's unit of CPU time; 100 on every Linux that is not a special build. */
function clockTicksPerSecond(): number {
  return (ticksPerSecond ??= Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100);
}

/** The process and all that descend from it, itself first. Empty when it is gone. */
export function readProcessTree(rootPid: number): ProcessReading[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readProc(`${name}/stat`) : undefined;
    if (stat === undefined) continue;
    const { parentPid } = parseStat(stat);
    childrenOf.set(parentPid, [...(childrenOf.get(parentPid) ?? []), Number(name)]);
  }
  const readings: ProcessReading[] = [];
  for (const pids = [rootPid]; pids.length > 0;) {
    const pid = pids.shift()!;
    const reading = readProcess(pid);
    if (reading) readings.push(reading);
    pids.push(...(childrenOf.get(pid) ?? []));
  }
  return readings;
}

function readProcess(pid: number): ProcessReading | undefined {
  const [stat, status, commandLine] = ['stat', 'status', 'cmdline'].map((name) => readProc(`${pid}/${name}`));
  if (stat === undefined || status === undefined || commandLine === undefined) return undefined;
  const { parentPid, cpuTicks } = parseStat(stat);
  return {
    pid,
    parentPid,
    cpuSeconds: cpuTicks / clockTicksPerSecond(),
    ...parseStatus(status),
    commandLine: commandLine.replaceAll('\0', ' ').trim(),
  };
}

/** A process may end between two looks. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** proc(5): the second field is the program's name in brackets and may hold anything, brackets too. */
export function parseStat(stat: string): { parentPid: number; cpuTicks: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parentPid: Number(fields[1]), cpuTicks: Number(fields[11]) + Number(fields[12]) };
}

export function parseStatus(status: string): { rssBytes: number; peakRssBytes: number } {
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { rssBytes: bytesOf('VmRSS'), peakRssBytes: bytesOf('VmHWM') };
}
