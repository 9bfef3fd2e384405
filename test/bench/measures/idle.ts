import { cpuBetween, total, type Role, type Usage } from '../process/process-meter.ts';
import { runApp, type Bench } from './measure.ts';

export interface IdleResult {
  seconds: number;
  /** Of one core. */
  cpuPercent: Partial<Record<Role, number>>;
  cpuPercentTotal: number;
  /** What listening needs: app, listen and audio. */
  cpuPercentListening: number;
  rssMb: Partial<Record<Role, number>>;
  peakRssMb: Partial<Record<Role, number>>;
  peakRssTotalMb: number;
}

const SECONDS = { full: 20, quick: 5 };
const LISTENING: readonly Role[] = ['app', 'listen', 'audio'];
const BYTES_PER_MB = 1024 * 1024;

/** What it costs to wait for somebody to speak, hands-free, with one window connected. */
export function measureIdle(bench: Bench): Promise<IdleResult> {
  return runApp(bench, {}, async ({ recording, meter }) => {
    const before = meter.look();
    const from = recording.length;
    await recording.more(bench.isQuick ? SECONDS.quick : SECONDS.full);
    const seconds = (recording.length - from) / recording.sampleRateHz;
    const after = meter.look();
    const cpuPercent = mapRoles(cpuBetween(before, after), (cpuSeconds) => (cpuSeconds / seconds) * 100);
    return {
      seconds,
      cpuPercent,
      cpuPercentTotal: total(cpuPercent),
      cpuPercentListening: total(cpuPercent, LISTENING),
      ...memoryOf(after),
      peakRssTotalMb: meter.peakRssBytes / BYTES_PER_MB,
    };
  });
}

/** Steady and peak, per process. */
export function memoryOf(usage: Usage): Pick<IdleResult, 'rssMb' | 'peakRssMb'> {
  return {
    rssMb: mapRoles(usage, ({ rssBytes }) => rssBytes / BYTES_PER_MB),
    peakRssMb: mapRoles(usage, ({ peakRssBytes }) => peakRssBytes / BYTES_PER_MB),
  };
}

function mapRoles<T>(byRole: Partial<Record<Role, T>>, map: (value: T) => number): Partial<Record<Role, number>> {
  return Object.fromEntries(Object.entries(byRole).map(([role, value]) => [role, map(value)]));
}
