import type { Interval } from '../../../main/contract/evaluation-report.ts';

/** What stands where nothing was measured: never a zero. */
export const NOT_MEASURED = '–';

/** A figure with its 95% interval, ready to be set in a table. */
export interface FigureWords {
  value: string;
  /** "95% CI 81–97%"; empty where there is none. */
  interval: string;
}

const one = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function percentWords(interval: Interval | null): FigureWords {
  if (!interval) return { value: NOT_MEASURED, interval: '' };
  const [value, low, high] = [interval.value, interval.low, interval.high].map((share) => one.format(100 * share));
  return { value: `${value}%`, interval: `95% CI ${low}–${high}%` };
}

export function msWords(interval: Interval | null): FigureWords {
  if (!interval) return { value: NOT_MEASURED, interval: '' };
  return {
    value: plainMs(interval.value),
    interval: `95% CI ${Math.round(interval.low)}–${plainMs(interval.high)}`,
  };
}

export function plainMs(value: number | null): string {
  return value === null ? NOT_MEASURED : `${Math.round(value)} ms`;
}

/** A place on a recording: 1:07.4 */
export function clockWords(seconds: number): string {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const whole = Math.floor(tenths / 600);
  return `${whole}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}

/** A wait that lies ahead, no finer than it is known. */
export function timeLeftWords(ms: number | null): string {
  if (ms === null) return 'Time left: not known yet';
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 5) return 'Nearly done';
  if (seconds < 90) return `About ${Math.ceil(seconds / 5) * 5} s left`;
  return `About ${Math.round(seconds / 60)} min left`;
}

export function pWords(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

export function countWords(count: number, single: string, many: string): string {
  return `${count} ${count === 1 ? single : many}`;
}

/** A span that is known roughly. */
export function spanWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
