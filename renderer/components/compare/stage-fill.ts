import type { PartKind } from '../../lib/waterfall.ts';

/** The waterfall's colours. */
export const STAGE_FILL: Record<PartKind, string> = {
  waiting: 'fill-ink-soft/50',
  hearing: 'fill-you',
  thinking: 'fill-parley',
  speaking: 'fill-parley/60',
  device: 'fill-ink',
};
