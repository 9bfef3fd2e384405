import { cardinalWords } from './spell-number.ts';

const NUMBER = String.raw`[-−]?\d+(?:,\d{3})*(?:\.\d+)?`;
const SCALE = String.raw`(?:\s*(thousand|million|billion|trillion|[kKMB]n?|m(?=[\s.,;:!?)]|$)|bn)\b)?`;
const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  K: 'thousand',
  M: 'million',
  B: 'billion',
  Bn: 'billion',
  bn: 'billion',
  m: 'million',
};

interface Money {
  one: string;
  many: string;
  cent?: string;
  cents?: string;
}
const DOLLAR: Money = { one: 'dollar', many: 'dollars', cent: 'cent', cents: 'cents' };
const EURO: Money = { one: 'euro', many: 'euros', cent: 'cent', cents: 'cents' };
const POUND: Money = { one: 'pound', many: 'pounds', cent: 'penny', cents: 'pence' };
const YEN: Money = { one: 'yen', many: 'yen' };
const RUPEE: Money = { one: 'rupee', many: 'rupees' };
const CANADIAN: Money = { ...DOLLAR, one: 'Canadian dollar', many: 'Canadian dollars' };
const AUSTRALIAN: Money = { ...DOLLAR, one: 'Australian dollar', many: 'Australian dollars' };
const MONEY: Readonly<Record<string, Money>> = {
  ...{ $: DOLLAR, US$: DOLLAR, USD: DOLLAR, '€': EURO, EUR: EURO, '£': POUND, GBP: POUND },
  ...{ CHF: { one: 'franc', many: 'francs' }, C$: CANADIAN, A$: AUSTRALIAN },
  ...{ '¥': YEN, JPY: YEN, '₹': RUPEE, INR: RUPEE },
};
const SIGN_FIRST = new RegExp(
  String.raw`([-−])?(?:(?<=[\s(]|^|[-−])(US\$|C\$|A\$|CHF(?=\s?\d))|([$€£¥₹]))\s?(${NUMBER})${SCALE}(?:\s?[-–]\s?(?:US\$|C\$|A\$|[$€£¥₹])?(${NUMBER})(?![\d-]))?`,
  'g',
);
const SIGN_LAST = new RegExp(String.raw`(?<![\w.])(${NUMBER})${SCALE}\s?([€£¥₹]|(?:USD|EUR|GBP|JPY|INR|CHF)\b)`, 'g');

/** "$10/month" once the money is in words. */
const PER = /(?<=\b(?:dollars?|euros?|pounds?|yen|rupees?|francs?|cents?|percent))\/(?=\p{L})/gu;

/** Singular and plural by symbol. Those of one letter only count directly after the digits, or they would eat words. */
const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  ...{ km: ['kilometer', 'kilometers'], cm: ['centimeter', 'centimeters'], mm: ['millimeter', 'millimeters'] },
  ...{ m: ['meter', 'meters'], mi: ['mile', 'miles'], ft: ['foot', 'feet'], yd: ['yard', 'yards'] },
  ...{ kg: ['kilogram', 'kilograms'], g: ['gram', 'grams'], mg: ['milligram', 'milligrams'] },
  ...{ lb: ['pound', 'pounds'], lbs: ['pound', 'pounds'], oz: ['ounce', 'ounces'] },
  ...{ ml: ['milliliter', 'milliliters'], mL: ['milliliter', 'milliliters'], L: ['liter', 'liters'] },
  ...{ mph: ['mile per hour', 'miles per hour'], 'km/h': ['kilometer per hour', 'kilometers per hour'] },
  ...{ 'm/s': ['meter per second', 'meters per second'], 'm²': ['square meter', 'square meters'] },
  ...{ 'km²': ['square kilometer', 'square kilometers'], 'm³': ['cubic meter', 'cubic meters'] },
  ...{ '°C': ['degree Celsius', 'degrees Celsius'], '°F': ['degree Fahrenheit', 'degrees Fahrenheit'] },
  ...{ '°': ['degree', 'degrees'], '%': ['percent', 'percent'], '¢': ['cent', 'cents'] },
  ...{ KB: ['kilobyte', 'kilobytes'], MB: ['megabyte', 'megabytes'], GB: ['gigabyte', 'gigabytes'] },
  ...{ kB: ['kilobyte', 'kilobytes'], TB: ['terabyte', 'terabytes'] },
  ...{ Hz: ['hertz', 'hertz'], kHz: ['kilohertz', 'kilohertz'], MHz: ['megahertz', 'megahertz'] },
  ...{ GHz: ['gigahertz', 'gigahertz'], dB: ['decibel', 'decibels'] },
  ...{ ms: ['millisecond', 'milliseconds'], s: ['second', 'seconds'], min: ['minute', 'minutes'] },
  ...{ h: ['hour', 'hours'], hr: ['hour', 'hours'], hrs: ['hour', 'hours'] },
  ...{ W: ['watt', 'watts'], kW: ['kilowatt', 'kilowatts'], MW: ['megawatt', 'megawatts'] },
  ...{
    tbsp: ['tablespoon', 'tablespoons'],
    tsp: ['teaspoon', 'teaspoons'],
    bpm: ['beat per minute', 'beats per minute'],
  },
  ...{ Mbps: ['megabit per second', 'megabits per second'], Gbps: ['gigabit per second', 'gigabits per second'] },
  ...{ µg: ['microgram', 'micrograms'], μg: ['microgram', 'micrograms'], h: ['hour', 'hours'], W: ['watt', 'watts'] },
  ...{
    kW: ['kilowatt', 'kilowatts'],
    mAh: ['milliampere hour', 'milliampere hours'],
    kcal: ['kilocalorie', 'kilocalories'],
  },
  ...{ mmHg: ['millimeter of mercury', 'millimeters of mercury'], hPa: ['hectopascal', 'hectopascals'] },
  ...{ kWh: ['kilowatt hour', 'kilowatt hours'], V: ['volt', 'volts'] },
};
/** Of one letter, and no word by itself after a number. */
const APART = new Set(['L', 'W', 'V', 'h', 'g']);
const UNIT_NAMES = Object.keys(UNITS)
  .sort((a, b) => b.length - a.length)
  .map((unit) => unit.replace(/[/]/g, String.raw`\/`));
const WITH_UNIT = new RegExp(
  String.raw`(?<![\w.])(?:(${NUMBER})\s?[-–]\s?)?(${NUMBER})(\s?)(${UNIT_NAMES.join('|')})(?![\p{L}\p{N}²³])`,
  'gu',
);

/** 6'2", and "6 ft 2 in". */
const FEET_INCHES = /(?<![\w.])(\d{1,2})\s?(?:'|ft\.?)\s?(\d{1,2})\s?(?:"|''|in\b\.?(?!\s+\p{L}))/gu;
/** A straight quotation mark after a number that no other one has opened. */
const INCHES = /(?<![\w."“])(\d{1,3}(?:\.\d+)?)"(?![\p{L}\p{N}])/gu;
const BLOOD_PRESSURE = /(?<![\w/])(\d{2,3})\/(\d{2,3})(?=\s?mmHg)/g;

/** Money and measures in words: "$4.50" → "four dollars and fifty cents", "1.5 km" → "one point five kilometers". */
export function readAmounts(text: string): string {
  return text
    .replace(/\b10(0|00)s(?=\s+of\b)/g, (_, zeros: string) => (zeros === '0' ? 'hundreds' : 'thousands'))
    .replace(
      FEET_INCHES,
      (_, feet: string, inches: string) =>
        `${cardinalWords(feet)} ${feet === '1' ? 'foot' : 'feet'} ${inchWords(inches)}`,
    )
    .replace(INCHES, (_, inches: string) => inchWords(inches))
    .replace(BLOOD_PRESSURE, '$1 over $2')
    .replace(SIGN_FIRST, (_, ...groups: (string | undefined)[]) => {
      const [minus, code, sign, number = '', scale, upTo] = groups;
      const money = MONEY[code ?? sign ?? '']!;
      if (upTo !== undefined && scale === undefined)
        return `${cardinalWords(number)} to ${moneyWords(money, upTo, undefined)}`;
      const rest = upTo === undefined ? '' : ` to ${cardinalWords(upTo)}`;
      return (minus ? 'minus ' : '') + moneyWords(money, number, scale) + rest;
    })
    .replace(PER, ' per ')
    .replace(SIGN_LAST, (_, number: string, scale: string | undefined, sign: string) =>
      moneyWords(MONEY[sign]!, number, scale),
    )
    .replace(WITH_UNIT, (all, from: string | undefined, number: string, gap: string, unit: string) => {
      if (gap !== '' && /^[a-zA-Z]$/.test(unit) && !APART.has(unit)) return all;
      const [one, many] = UNITS[unit]!;
      const amount = `${cardinalWords(number)} ${isOne(number) && from === undefined ? one : many}`;
      return from === undefined ? amount : `${cardinalWords(from)} to ${amount}`;
    });
}

function inchWords(inches: string): string {
  return `${cardinalWords(inches)} ${inches === '1' ? 'inch' : 'inches'}`;
}

function moneyWords(money: Money, number: string, scale: string | undefined): string {
  if (scale !== undefined) return `${cardinalWords(number)} ${SCALES[scale] ?? scale} ${money.many}`;
  const cents = /^([-−]?[\d,]+)\.(\d{2})$/.exec(number);
  const named = (amount: string, one: string, many: string): string =>
    `${cardinalWords(amount)} ${isOne(amount) ? one : many}`;
  if (!cents || money.cents === undefined) return named(number, money.one, money.many);
  const parts: string[] = [];
  const hasWhole = /[1-9]/.test(cents[1]!);
  const small = String(Number(cents[2]));
  if (hasWhole || small === '0') parts.push(named(cents[1]!, money.one, money.many));
  if (small !== '0') parts.push(named(small, money.cent!, money.cents));
  return parts.join(' and ');
}

function isOne(number: string): boolean {
  return /^[-−]?1(?:\.0+)?$/.test(number);
}
