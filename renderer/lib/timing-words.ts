import type { TurnTiming } from '../../main/contract/state.ts';

export interface TimingStep {
  label: string;
  fromMs: number;
  toMs: number;
}

/** Each mark closes a step that began with the mark before it; the first began with the user's last sound. */
export function timingSteps({ marks }: TurnTiming): TimingStep[] {
  const ordered = [...marks].sort((a, b) => a.atMs - b.atMs);
  return ordered.map(({ name, atMs }, index) => ({
    label: markLabel(name),
    fromMs: Math.max(0, ordered[index - 1]?.atMs ?? 0),
    toMs: Math.max(0, atMs),
  }));
}

/** Names of the timeline's marks, as a reader would say them. Others are shown as they are. */
const MARK_WORDS: Record<string, string> = {
  'first-partial': 'First words recognised',
  anticipated: 'Words given to the model',
  'reading-asked': 'Pause noticed',
  reading: 'Words recognised',
  endpoint: 'Turn found to be over',
  'answer-started': 'Answer begun',
  source: 'Stage found that answers',
  'first-token': 'First words',
  'first-clause': 'First clause',
  'first-audio': 'First sound made',
  queued: 'Sound handed to the loudspeaker',
  audible: 'Sound out',
};

export function markLabel(name: string): string {
  const known = MARK_WORDS[name];
  if (known !== undefined) return known;
  const words = name.replace(/[-_.:]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function milliseconds(ms: number): string {
  return `${Math.round(ms)} ms`;
}

/** Both ends are rounded, not the difference: durations that follow each other then add up to the whole that is shown. */
export function duration({ fromMs, toMs }: { fromMs: number; toMs: number }): string {
  return milliseconds(Math.round(toMs) - Math.round(fromMs));
}

/** Hundredths of a second: finer is noise, coarser hides what a change of 50 ms does. */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}
