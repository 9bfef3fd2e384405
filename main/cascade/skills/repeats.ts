import type { Temporal } from 'temporal-polyfill';
import type { AlarmRepeat } from '../../ports/skill-store.ts';
import { capital, readMoment, spokenTime, WEEKDAYS } from './moments.ts';
import { spokenList } from './spoken-lists.ts';

const DAY = `(?:${WEEKDAYS.join('|')})`;
const EVERY_DAY = /\b(?:every ?day|each day|daily|every (?:single )?(?:morning|evening|night|afternoon))\b/;
const WEEKDAY =
  /\b(?:(?:on |every |each |all )*(?:weekdays?|week days?|working days?|workdays?)|(?:every |on )?monday (?:to|through|till) friday)\b/;
const WEEKEND = /\b(?:on |every |each |all )*weekends?\b/;
const NAMED = new RegExp(String.raw`\b(?:every|each|on) ((?:${DAY}s?(?: and | )?)+)`);
const PLURAL = new RegExp(String.raw`\b((?:${DAY}s(?: and | )?)+)`);

/** The days of the week (1 is Monday), or null when nothing is said of repeating; `rest` is what remains of the words. */
export function readRepeat(text: string): { days: number[]; rest: string } | null {
  const part = /\bevery (?:single )?(morning|evening|night|afternoon)\b/.exec(text)?.[1];
  const without = (match: RegExpExecArray): string =>
    `${text.replace(match[0], ' ')}${part === undefined ? '' : ` in the ${part}`}`.replace(/\s+/g, ' ').trim();
  const weekday = WEEKDAY.exec(text);
  if (weekday) return { days: [1, 2, 3, 4, 5], rest: without(weekday) };
  const weekend = WEEKEND.exec(text);
  if (weekend && /every|each|all|weekends/.test(weekend[0])) return { days: [6, 7], rest: without(weekend) };
  const named = NAMED.exec(text) ?? PLURAL.exec(text);
  // "on monday" alone is the next one.
  if (named && (/^(?:every|each)/.test(named[0]) || /days\b/.test(named[0]))) {
    const days = WEEKDAYS.flatMap((day, index) => (named[0].includes(day) ? [index + 1] : []));
    return { days, rest: without(named) };
  }
  const daily = EVERY_DAY.exec(text);
  return daily ? { days: [1, 2, 3, 4, 5, 6, 7], rest: without(daily) } : null;
}

/** The time of day in `rest` on those days, or null when it says none. A time that may be morning or evening is in the morning. */
export function repeatAt(
  { days, rest }: { days: number[]; rest: string },
  now: Temporal.ZonedDateTime,
): AlarmRepeat | null {
  const moment = readMoment(`tomorrow ${rest}`, now, { prefersMorning: true });
  return moment && { days, hour: moment.hour, minute: moment.minute };
}

/** The first such moment after `now`, by the clock on the wall: over a change of the clocks too. */
export function nextOf({ days, hour, minute }: AlarmRepeat, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  for (let ahead = 0; ; ahead++) {
    const moment = now.add({ days: ahead }).withPlainTime({ hour, minute });
    if (days.includes(moment.dayOfWeek) && moment.epochMilliseconds > now.epochMilliseconds) return moment;
  }
}

/** "every weekday at 7:00 AM". */
export function spokenRepeat({ days, hour, minute }: AlarmRepeat, now: Temporal.ZonedDateTime): string {
  return `${spokenDays(days)} at ${spokenTime(now.withPlainTime({ hour, minute }))}`;
}

function spokenDays(days: readonly number[]): string {
  if (days.length === 7) return 'every day';
  const key = days.join('');
  if (key === '12345') return 'every weekday';
  if (key === '67') return 'every weekend';
  return `every ${spokenList(days.map((day) => capital(WEEKDAYS[day - 1]!)))}`;
}
