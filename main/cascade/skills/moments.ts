import type { Temporal } from 'temporal-polyfill';
import { DURATION, durationMs } from './durations.ts';

type Moment = Temporal.ZonedDateTime;

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
export const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

interface TimeOfDay {
  hour: number;
  minute: number;
  /** False: "half past six" may be morning or evening. */
  isCertain: boolean;
}

const IN = new RegExp(`^(?:in|after) (${DURATION})$`);
const FROM_NOW = new RegExp(`^(${DURATION}) from now$`);
const DAY_PATTERNS: readonly (readonly [RegExp, (now: Moment, match: RegExpExecArray) => Moment])[] = [
  [/\bday after tomorrow\b/, (now) => now.add({ days: 2 })],
  [/\btomorrow\b/, (now) => now.add({ days: 1 })],
  [/\b(?:today|tonight|this (?=morning|afternoon|evening|night))/, (now) => now],
  [
    new RegExp(String.raw`\b(?:on |this |next )?(${WEEKDAYS.join('|')})\b`),
    (now, match) => now.add({ days: daysUntilWeekday(now, match[1]!) || 7 }),
  ],
];
const PARTS_OF_DAY = { morning: 'am', afternoon: 'pm', evening: 'pm', night: 'pm', tonight: 'pm' } as const;

/**
 * When a user means, or null when the words are no moment or more than one. "at 7", "tomorrow at half past 6", "in 20 minutes", "on friday at
 * noon", "tonight at 8". Normalised words with digits. A time without a.m. or p.m. is the next one to come today; on another day 7 to 11
 * are in the morning and 1 to 6 in the afternoon. A day alone is no moment.
 */
export function readMoment(text: string, now: Moment, options: { prefersMorning?: boolean } = {}): Moment | null {
  const after = IN.exec(text) ?? FROM_NOW.exec(text);
  if (after) return now.add({ milliseconds: durationMs(after[1]!) });
  let rest = ` ${text} `;
  let day: Moment | null = null;
  const part = /\b(morning|afternoon|evening|night|tonight)\b/.exec(rest)?.[1] as keyof typeof PARTS_OF_DAY | undefined;
  for (const [pattern, dayOf] of DAY_PATTERNS) {
    const match = pattern.exec(rest);
    if (!match) continue;
    if (day) return null;
    day = dayOf(now, match);
    rest = rest.replace(match[0], ' ');
  }
  rest = rest
    .replace(/\b(?:in the|at|on|for|by|around|about|the|early|sharp|exactly)\b(?! \d+ ?(?:minutes|seconds))/g, ' ')
    .replace(/\b(?:morning|afternoon|evening|night|tonight)\b/g, ' ');
  const time = readTimeOfDay(rest.replace(/\s+/g, ' ').trim(), part && PARTS_OF_DAY[part]);
  return time && momentOf(time, { now, day, prefersMorning: options.prefersMorning ?? false });
}

/** Days from today to the next such weekday; 0 when it is today. */
export function daysUntilWeekday(now: Moment, weekday: string): number {
  return (WEEKDAYS.indexOf(weekday) + 1 - now.dayOfWeek + 7) % 7;
}

function readTimeOfDay(text: string, half: 'am' | 'pm' | undefined): TimeOfDay | null {
  if (/^(?:noon|midday|12 noon)$/.test(text)) return { hour: 12, minute: 0, isCertain: true };
  if (/^(?:midnight|12 midnight)$/.test(text)) return { hour: 0, minute: 0, isCertain: true };
  const relative =
    /^(?:(half|a quarter|quarter|\d+)(?: minutes?)? (past|after|to|of|till|before)) (\d+)(?: o clock)?(?: ([ap]m))?$/.exec(
      text,
    );
  if (relative) {
    const [, amount, direction, hour, meridiem] = relative;
    const minutes = amount === 'half' ? 30 : amount!.endsWith('quarter') ? 15 : Number(amount);
    const isAfter = direction === 'past' || direction === 'after';
    if (amount === 'half' && !isAfter) return null;
    return timeOf(Number(hour) * 60 + (isAfter ? minutes : -minutes), Number(hour), meridiem ?? half);
  }
  const plain =
    /^(\d{1,2})(?:[: .](\d{2}))?(?: o clock| hours)?(?: ([ap]m))?$/.exec(text) ??
    /^(\d{1,2})(\d{2}) ([ap]m)$/.exec(text);
  if (!plain) return null;
  const [, hour, minute = '0', meridiem] = plain;
  if (Number(minute) > 59) return null;
  return timeOf(Number(hour) * 60 + Number(minute), Number(hour), meridiem ?? half);
}

function timeOf(minutes: number, saidHour: number, half: string | undefined): TimeOfDay | null {
  if (saidHour > 23) return null;
  const isTwelveHour = saidHour >= 1 && saidHour <= 12;
  let total = minutes;
  if (isTwelveHour && half !== undefined) total = (minutes % 720) + (half === 'pm' ? 720 : 0);
  total = ((total % 1440) + 1440) % 1440;
  return { hour: Math.floor(total / 60), minute: total % 60, isCertain: half !== undefined || !isTwelveHour };
}

function momentOf(
  time: TimeOfDay,
  { now, day, prefersMorning }: { now: Moment; day: Moment | null; prefersMorning: boolean },
): Moment {
  const at = (on: Moment, hour: number): Moment => on.withPlainTime({ hour: hour % 24, minute: time.minute });
  if (time.isCertain) {
    const moment = at(day ?? now, time.hour);
    // Also "tonight at midnight": the one to come.
    const isToday = !day || day.toPlainDate().equals(now.toPlainDate());
    return isToday && moment.epochMilliseconds <= now.epochMilliseconds ? moment.add({ days: 1 }) : moment;
  }
  const morning = time.hour % 12;
  if (day && !day.toPlainDate().equals(now.toPlainDate())) {
    return at(day, prefersMorning || (morning >= 7 && morning <= 11) ? morning : morning + 12);
  }
  const candidates = [at(now, morning), at(now, morning + 12), at(now.add({ days: 1 }), morning)];
  const coming = candidates.filter((each) => each.epochMilliseconds > now.epochMilliseconds);
  return (prefersMorning ? coming.find((each) => each.hour < 12) : undefined) ?? coming[0]!;
}

/** "3:05 PM". */
export function spokenTime(moment: Moment): string {
  const hour = moment.hour % 12 === 0 ? 12 : moment.hour % 12;
  return `${hour}:${String(moment.minute).padStart(2, '0')} ${moment.hour < 12 ? 'AM' : 'PM'}`;
}

/** "March 10". */
export function spokenDate(date: { month: number; day: number }): string {
  return `${capital(MONTHS[date.month - 1]!)} ${date.day}`;
}

export function weekdayName(date: { dayOfWeek: number }): string {
  return capital(WEEKDAYS[date.dayOfWeek - 1]!);
}

/** "6:30 AM", "tomorrow at 6:30 AM", "Friday at noon", "March 10 at 7:00 PM". */
export function spokenMoment(moment: Moment, now: Moment): string {
  const days = now.toPlainDate().until(moment.toPlainDate()).days;
  const time = spokenTime(moment);
  if (days === 0) return time;
  if (days === 1) return `tomorrow at ${time}`;
  return `${days > 0 && days < 7 ? weekdayName(moment) : spokenDate(moment)} at ${time}`;
}

export function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
