import { cardinalWords, ordinalWords, yearWords } from './spell-number.ts';

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const MONTH = `(${MONTHS.join('|')}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\b\\.?)`;
const YEAR = String.raw`(?:,?\s+([12]\d{3})\b(?![,.]\d))?`;
const ISO_DATE = /\b(\d{4})-(\d{2})-(\d{2})\b(?!-)/g;
const SLASH_DATE = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g;
/** Day first, as in most of the world; with dots it is never American. */
const DOT_DATE = /(?<![\w.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\w]|\.\d)/g;
const WEEKDAYS: Readonly<Record<string, string>> = {
  ...{ Mon: 'Monday', Tue: 'Tuesday', Tues: 'Tuesday', Wed: 'Wednesday', Thu: 'Thursday', Thurs: 'Thursday' },
  ...{ Fri: 'Friday', Sat: 'Saturday', Sun: 'Sunday' },
};
const WEEKDAY =
  /\b(Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)\.(?=,|\s+\p{Ll}|\s+\d|\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|$)/gu;
const HOURS_RANGE = /\b(\d{1,2}(?::\d{2})?\s*[aApP]\.?[mM]\.?)\s?[-–]\s?(?=\d{1,2}(?::\d{2})?\s*[aApP]\.?[mM])/g;
const ERA = /(?<=\d\s?)(BCE|BC|AD|CE)\b/g;
const MONTH_DAY = new RegExp(String.raw`\b${MONTH}\s+(\d{1,2})(?:st|nd|rd|th)?\b(?![:.,]?\d)${YEAR}`, 'g');
const DAY_MONTH = new RegExp(String.raw`\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?${MONTH}(?![\w])${YEAR}`, 'g');
const CLOCK = /\b(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([aApP])\.?[mM]\b\.?)?(?!\d)/g;
const HOUR = /\b(\d{1,2})\s*([aApP])\.?[mM]\b\.?/g;
const DECADE = /\b(1[1-9]|20)(\d)0s\b|(?<![\w])['’](\d)0s\b/g;

/** Dates, clock times and decades in words: "5/1/2024" → "May first, twenty twenty-four", "3:05 pm" → "three oh five P.M." */
export function readDates(text: string): string {
  return text
    .replace(ERA, (_, era: string) => [...era].join('.') + '.')
    .replace(WEEKDAY, (_, day: string) => WEEKDAYS[day]!)
    .replace(HOURS_RANGE, '$1 to ')
    .replace(DOT_DATE, (all, day: string, month: string, year: string) => dateWords({ all, year, month, day }))
    .replace(ISO_DATE, (all, year: string, month: string, day: string) => dateWords({ all, year, month, day }))
    .replace(SLASH_DATE, (all, month: string, day: string, year: string) => dateWords({ all, year, month, day }))
    .replace(MONTH_DAY, (all, month: string, day: string, year?: string) => dateWords({ all, year, month, day }))
    .replace(DAY_MONTH, (all, day: string, month: string, year?: string) => dateWords({ all, year, month, day }))
    .replace(CLOCK, (all, hour: string, minute: string, second?: string, half?: string) =>
      clockWords({ all, hour, minute, second, half }),
    )
    .replace(HOUR, (all, hour: string, half: string) => clockWords({ all, hour, minute: '00', half }))
    .replace(DECADE, (_, century: string | undefined, decade: string, short: string | undefined) => {
      const tens = `${cardinalWords(`${short ?? decade}0`)}s`.replace(/ys$/, 'ies');
      if (short !== undefined) return tens;
      return decade === '0' ? `${yearWords(Number(`${century}00`))}s` : `${cardinalWords(century!)} ${tens}`;
    });
}

function dateWords(date: { all: string; year: string | undefined; month: string; day: string }): string {
  const day = Number(date.day);
  const month = /^\d/.test(date.month) ? MONTHS[Number(date.month) - 1] : fullMonth(date.month);
  if (month === undefined || day < 1 || day > 31) return date.all;
  return `${month} ${ordinalWords(day)}${date.year === undefined ? '' : `, ${yearWords(Number(date.year))}`}`;
}

function fullMonth(name: string): string | undefined {
  return MONTHS.find((month) => month.startsWith(name.slice(0, 3)));
}

function clockWords(time: {
  all: string;
  hour: string;
  minute: string;
  second?: string | undefined;
  half: string | undefined;
}): string {
  const { all, half } = time;
  const hour = Number(time.hour);
  const minute = Number(time.minute);
  if (hour > 24 || minute > 59) return all;
  const words = [cardinalWords(String(hour))];
  if (minute > 0) words.push(minute < 10 ? `oh ${cardinalWords(String(minute))}` : cardinalWords(String(minute)));
  else if (half === undefined) words.push(hour > 12 || hour === 0 ? 'hundred' : "o'clock");
  if (time.second !== undefined && time.second !== '00')
    words.push(`and ${cardinalWords(String(Number(time.second)))} seconds`);
  if (half !== undefined) words.push(`${half.toUpperCase()}.M.`);
  return words.join(' ');
}
