import type { Temporal } from 'temporal-polyfill';
import { ordinalOf } from '../utterance/number-words.ts';
import { daysUntilWeekday, MONTHS, spokenDate, WEEKDAYS, weekdayName } from './moments.ts';
import { firstMatch, type Skill } from './skill.ts';
import { counted } from './spoken-lists.ts';

type Day = Temporal.PlainDate;

const WEEKDAY = WEEKDAYS.join('|');
const MONTH = MONTHS.join('|');
const ASKED =
  '(?:what|which)(?: is)?(?: the)? (?:day|date|weekday|day of the week|day of week|day of the month|day of the year)';
const WHEN = String.raw`(?<when>today|tomorrow|yesterday|(?:the )?day after tomorrow|(?:the )?day before yesterday|(?:in )?\d+ (?:day|week|month)s?(?: (?:from (?:now|today)|ago|later))?|in an? (?:day|week|month)|a (?:day|week|month) (?:from (?:now|today)|ago)|(?:next |this |coming |last )?(?:${WEEKDAY}))`;

const TODAY = [
  new RegExp(
    `^${ASKED}(?: is it| is today| it is| today is| do we have| are we(?: on)?)?(?: today| now| currently| right now)?$`,
  ),
  /^(?:(?:what|which) is )?(?:today s|the current|current|todays|the|today) (?:date|day|date today)(?: today)?$/,
  /^(?:what is today|what is it today|date please|the date|what day of the month is it(?: today)?|what day of the week is it(?: today)?|what is the day of the week|what is the date of today|what date do we have(?: today)?)$/,
];
const OTHER_DAY = [
  new RegExp(
    `^${ASKED}(?: of the week)?(?: is it| is| was it| was| will it be| will be| going to be| it is| it will be| is it going to be| is going to be| do we have| would it be)*(?: on)? ${WHEN}(?: be| going to be)?$`,
  ),
  new RegExp(`^(?:what is|what was|what will be) (?:the )?(?:day|date|weekday)(?: of| on| going to be| be)* ${WHEN}$`),
  new RegExp(`^(?:what|which)(?: is)? ${WHEN} s (?:date|day)$`),
  new RegExp(`^${WHEN} is (?:what|which) (?:day|date)(?: of the week)?$`),
  new RegExp(`^when is ${WHEN}$`),
];
const YEAR =
  /^(?:what|which)(?: is the| is)?(?: current)? year(?: is it| are we in| is this| do we have| is it now| we are in)?(?: now| currently)?$/;
const MONTH_NOW =
  /^(?:what|which)(?: is the| is)?(?: current)? month(?: is it| are we in| is this| do we have| is it now| we are in)?(?: now| currently)?$/;
const IS_IT = new RegExp(
  `^(?:is (?:it|today)|today is|is it already) (?<day>${WEEKDAY}|(?:the )?weekend|(?:a )?weekday)(?: today| already| yet| now)?$`,
);
const UNTIL =
  /^(?:how (?:many days|long)(?: is it| are there| do we have| do i have| to go| is there| will it be)?(?: left)?(?: until| till| to| before|til)|(?:days|number of days|how much time) (?:until|till|to)|when is) (?:the )?(?<goal>.+?)(?: comes| starts| day after)?$/;
const WEEK_NUMBER =
  /^(?:what|which)(?: is the)?(?: calendar)? week(?: number| of the year)?(?: is it| is this| are we in)?$/;
const LEAP_YEAR = /^is (?:it|this(?: year)?|(?<year>\d{4})) a leap year$/;

const FEASTS: Readonly<Record<string, readonly [month: number, day: number]>> = {
  christmas: [12, 25],
  'christmas day': [12, 25],
  xmas: [12, 25],
  'christmas eve': [12, 24],
  'new year': [1, 1],
  'new years': [1, 1],
  'new year s': [1, 1],
  'new year s day': [1, 1],
  'new years day': [1, 1],
  'new year s eve': [12, 31],
  'new years eve': [12, 31],
  halloween: [10, 31],
  'valentine s day': [2, 14],
  'valentines day': [2, 14],
  'saint patrick s day': [3, 17],
  'st patrick s day': [3, 17],
};

export const dateSkill: Skill = {
  name: 'date',
  answer({ numeric, now }) {
    const today = now.toPlainDate();
    if (firstMatch(numeric, ...TODAY)) return { text: `It's ${fullDate(today)}.` };
    if (firstMatch(numeric, YEAR)) return { text: `It's ${today.year}.` };
    if (firstMatch(numeric, MONTH_NOW)) return { text: `It's ${spokenDate(today).split(' ')[0]!}.` };
    const isIt = firstMatch(numeric, IS_IT);
    if (isIt) return { text: `${isDay(today, isIt.groups!.day!) ? 'Yes' : 'No'}, it's ${weekdayName(today)}.` };
    if (firstMatch(numeric, WEEK_NUMBER)) return { text: `It's week ${today.weekOfYear}.` };
    const leap = firstMatch(numeric, LEAP_YEAR);
    if (leap) return leapYear(today, leap.groups!.year);
    const other = firstMatch(numeric, ...OTHER_DAY);
    if (other) return otherDay(today, other.groups!.when!, now);
    const until = firstMatch(numeric, UNTIL);
    return until ? untilGoal(today, until) : null;
  },
};

function otherDay(today: Day, when: string, now: Temporal.ZonedDateTime): { text: string } | null {
  const day = dayOf(today, when, now);
  if (!day) return null;
  const words = when
    .replace(/^(?:the |in (?=an? ))/, '')
    .replace(new RegExp(WEEKDAY), (name) => name[0]!.toUpperCase() + name.slice(1));
  const opening =
    new RegExp(`^(?:in )?\\d|^an? `).test(words) || new RegExp(`(?:${WEEKDAY})$`, 'i').test(words)
      ? null
      : `${words[0]!.toUpperCase()}${words.slice(1)}`;
  const verb = day.since(today).sign < 0 ? 'was' : 'is';
  if (!opening) return { text: `That ${verb === 'is' ? 'is' : 'was'} ${fullDate(day)}.` };
  return { text: `${opening} ${verb} ${fullDate(day)}.` };
}

function dayOf(today: Day, when: string, now: Temporal.ZonedDateTime): Day | null {
  if (when === 'today') return today;
  if (when === 'tomorrow') return today.add({ days: 1 });
  if (when === 'yesterday') return today.subtract({ days: 1 });
  if (when.endsWith('day after tomorrow')) return today.add({ days: 2 });
  if (when.endsWith('day before yesterday')) return today.subtract({ days: 2 });
  const span = /(\d+|an?) (day|week|month)s?/.exec(when);
  if (span) {
    const count = /^an?$/.test(span[1]!) ? 1 : Number(span[1]);
    if (count > 100_000) return null;
    // "in ten days", "ten days from now"; a bare "ten days" is no day.
    if (!/^in |from|later|ago/.test(when)) return null;
    return when.endsWith('ago') ? today.subtract({ [`${span[2]!}s`]: count }) : today.add({ [`${span[2]!}s`]: count });
  }
  const weekday = WEEKDAYS.find((name) => when.endsWith(name))!;
  const days = daysUntilWeekday(now, weekday);
  if (when.startsWith('last ')) return today.subtract({ days: (7 - days) % 7 || 7 });
  return today.add({ days: days || 7 });
}

function untilGoal(today: Day, match: RegExpExecArray): { text: string } | null {
  const goal = match.groups!.goal!.trim();
  const asksForDay = match[0].startsWith('when is');
  const day = goalDay(today, goal);
  if (!day) return null;
  const days = today.until(day).days;
  const name = goalName(goal);
  if (asksForDay) return { text: `${name} is on ${fullDate(day)}.` };
  if (days === 0) return { text: `${name} is today.` };
  return { text: `${counted(days, 'day')} until ${name}.` };
}

function goalDay(today: Day, goal: string): Day | null {
  const feast = FEASTS[goal];
  if (feast) return nextYearly(today, ...feast);
  if (goal === 'weekend') return today.dayOfWeek >= 6 ? today : today.add({ days: 6 - today.dayOfWeek });
  if (WEEKDAYS.includes(goal)) return today.add({ days: (WEEKDAYS.indexOf(goal) + 1 - today.dayOfWeek + 7) % 7 });
  const date = new RegExp(`^(?:(?<m1>${MONTH}) (?:the )?(?<d1>\\w+)|(?<d2>\\w+) (?:of )?(?<m2>${MONTH}))$`).exec(
    goal,
  )?.groups;
  if (!date) return null;
  const word = (date.d1 ?? date.d2)!;
  const day = ordinalOf(word) ?? Number(word);
  if (!Number.isInteger(day) || day < 1 || day > 31) return null;
  return nextYearly(today, MONTHS.indexOf((date.m1 ?? date.m2)!) + 1, day);
}

/** February 29 and the like: null in a year that has no such day. */
function nextYearly(today: Day, month: number, day: number): Day | null {
  for (const year of [today.year, today.year + 1]) {
    const date = today.with({ year, month: 1, day: 1 }).with({ month });
    if (day > date.daysInMonth) return null;
    const found = date.with({ day });
    if (found.since(today).sign >= 0) return found;
  }
  return null;
}

function goalName(goal: string): string {
  if (goal === 'weekend') return 'the weekend';
  return goal
    .replace(/ s\b/g, "'s")
    .replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/'S\b/g, "'s")
    .replace(/\bOf\b/g, 'of');
}

function isDay(today: Day, name: string): boolean {
  if (name.endsWith('weekend')) return today.dayOfWeek >= 6;
  if (name.endsWith('weekday')) return today.dayOfWeek < 6;
  return WEEKDAYS[today.dayOfWeek - 1] === name;
}

function leapYear(today: Day, asked: string | undefined): { text: string } {
  const year = asked === undefined ? today.year : Number(asked);
  const isLeap = today.with({ year, month: 1, day: 1 }).inLeapYear;
  return { text: isLeap ? `Yes, ${year} is a leap year.` : `No, ${year} is not a leap year.` };
}

function fullDate(day: Day): string {
  return `${weekdayName(day)}, ${spokenDate(day)}, ${day.year}`;
}
