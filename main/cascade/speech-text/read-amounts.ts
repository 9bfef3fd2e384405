import { cardinalWords } from './spell-number.ts';

const NUMBER = String.raw`[-−]?\d+(?:,\d{3})*(?:\.\d+)?`;
const SCALE = String.raw`(?:\s*(thousand|million|billion|trillion|[kKMB]n?)\b)?`;
const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  K: 'thousand',
  M: 'million',
  B: 'billion',
  Bn: 'billion',
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
const MONEY: Readonly<Record<string, Money>> = {
  ...{ $: DOLLAR, US$: DOLLAR, USD: DOLLAR, '€': EURO, EUR: EURO, '£': POUND, GBP: POUND },
  ...{ '¥': YEN, JPY: YEN, '₹': RUPEE, INR: RUPEE },
};
const SIGN_FIRST = new RegExp(String.raw`(US\$|[$€£¥₹])\s?(${NUMBER})${SCALE}`, 'g');
const SIGN_LAST = new RegExp(String.raw`(?<![\w.])(${NUMBER})${SCALE}\s?([€£¥₹]|(?:USD|EUR|GBP|JPY|INR)\b)`, 'g');

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
  ...{ kWh: ['kilowatt hour', 'kilowatt hours'], V: ['volt', 'volts'] },
};
const UNIT_NAMES = Object.keys(UNITS)
  .sort((a, b) => b.length - a.length)
  .map((unit) => unit.replace(/[/]/g, String.raw`\/`));
const WITH_UNIT = new RegExp(
  String.raw`(?<![\w.])(?:(${NUMBER})\s?[-–]\s?)?(${NUMBER})(\s?)(${UNIT_NAMES.join('|')})(?![\p{L}\p{N}²³])`,
  'gu',
);

/** Money and measures in words: "$4.50" → "four dollars and fifty cents", "1.5 km" → "one point five kilometers". */
export function readAmounts(text: string): string {
  return text
    .replace(SIGN_FIRST, (_, sign: string, number: string, scale?: string) => moneyWords(MONEY[sign]!, number, scale))
    .replace(SIGN_LAST, (_, number: string, scale: string | undefined, sign: string) =>
      moneyWords(MONEY[sign]!, number, scale),
    )
    .replace(WITH_UNIT, (all, from: string | undefined, number: string, gap: string, unit: string) => {
      if (gap !== '' && /^[a-zA-Z]$/.test(unit)) return all;
      const [one, many] = UNITS[unit]!;
      const amount = `${cardinalWords(number)} ${isOne(number) && from === undefined ? one : many}`;
      return from === undefined ? amount : `${cardinalWords(from)} to ${amount}`;
    });
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
