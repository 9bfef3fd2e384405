import type { Interval, Report } from '../../../main/contract/evaluation-report.ts';

/** A place between an agent that stops at every sound and one that never stops. Shares, 0 to 1. */
export interface MeasuredPoint {
  id: string;
  yieldRate: Interval;
  selectivity: Interval;
}

/** Of others, elsewhere: drawn hollow and dated, never among the measured ones. */
export interface ContextPoint {
  id: string;
  label: string;
  yieldRate: number;
  selectivity: number;
  date: string;
  source: string;
}

/** Architectures that were interrupted and backchannelled while they spoke. */
export function measuredPoints(architectures: Report['architectures']): MeasuredPoint[] {
  return architectures.flatMap(({ id, figures: { yieldRate, selectivity } }) =>
    yieldRate && selectivity ? [{ id, yieldRate, selectivity }] : [],
  );
}

const PUBLISHED = /^interruption to silence \/ yield \/ selectivity, (.+)$/i;

/** Published figures that have a place on the plane. `figure` is "0.41 s / 100% / 2–4%"; a range stands for its middle. */
export function contextPoints(published: Report['published']): ContextPoint[] {
  return published.flatMap(({ what, figure, date, source }, i) => {
    const label = PUBLISHED.exec(what)?.[1];
    const [, yields = '', selects = ''] = figure.split(' / ');
    const [yieldRate, selectivity] = [shareOf(yields), shareOf(selects)];
    if (label === undefined || yieldRate === null || selectivity === null) return [];
    return [{ id: `published-${i}`, label, yieldRate, selectivity, date, source }];
  });
}

function shareOf(text: string): number | null {
  const match = /^([\d.]+)(?:[–-]([\d.]+))?%$/.exec(text.trim());
  if (!match) return null;
  const low = Number(match[1]);
  return (low + Number(match[2] ?? low)) / 200;
}
