import { counted, spokenList } from './spoken-lists.ts';

const UNIT_MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
type DurationUnit = keyof typeof UNIT_MS;

const AMOUNT = String.raw`(?:\d+(?:\.\d+)?|an?|a couple(?: of)?)`;
const PART = String.raw`${AMOUNT} (?:hours?|hrs?|minutes?|mins?|seconds?|secs?|days?|weeks?)`;
/** A duration in normalised words with digits: "1 hour and 30 minutes", "a couple of minutes", "1.5 hours". For building patterns. */
export const DURATION = `${PART}(?:(?: and)? ${PART})*`;

const ONE_PART = new RegExp(
  String.raw`(${AMOUNT}) (hours?|hrs?|minutes?|mins?|seconds?|secs?|days?|weeks?)(?: and)?`,
  'g',
);

/** Of a text that DURATION matches. */
export function durationMs(text: string): number {
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(ONE_PART)) {
    const count = /^an?$/.test(amount!) ? 1 : amount!.startsWith('a couple') ? 2 : Number(amount);
    totalMs += count * UNIT_MS[unitOf(unit!)];
  }
  return Math.round(totalMs);
}

/** "1 hour and 30 minutes". Whole seconds. */
export function spokenDuration(ms: number): string {
  let seconds = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const unit of ['day', 'hour', 'minute', 'second'] as const) {
    const unitSeconds = UNIT_MS[unit] / 1000;
    const count = Math.floor(seconds / unitSeconds);
    if (count > 0) parts.push(counted(count, unit));
    seconds -= count * unitSeconds;
  }
  return parts.length === 0 ? '0 seconds' : spokenList(parts);
}

function unitOf(word: string): DurationUnit {
  if (word.startsWith('h')) return 'hour';
  if (word.startsWith('m')) return 'minute';
  if (word.startsWith('s')) return 'second';
  return word.startsWith('d') ? 'day' : 'week';
}
