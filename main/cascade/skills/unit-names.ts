import type { Unit } from 'convert';

export interface SpokenUnit {
  /** Units of one kind convert into each other. */
  kind: string;
  /** Of the library; a unit that it lacks is a multiple of one that it has. */
  unit: Unit;
  factor: number;
  singular: string;
  plural: string;
}

/** Aliases are separated by commas. */
type Row = readonly [kind: string, unit: Unit, singular: string, plural: string, aliases?: string, factor?: number];

const ROWS: readonly Row[] = [
  ['length', 'mm', 'millimeter', 'millimeters', 'mm,millimetre,millimetres'],
  ['length', 'cm', 'centimeter', 'centimeters', 'cm,centimetre,centimetres'],
  ['length', 'm', 'meter', 'meters', 'metre,metres'],
  ['length', 'km', 'kilometer', 'kilometers', 'km,kms,kilometre,kilometres,k'],
  ['length', 'inch', 'inch', 'inches'],
  ['length', 'foot', 'foot', 'feet'],
  ['length', 'yard', 'yard', 'yards'],
  ['length', 'mile', 'mile', 'miles'],
  ['length', 'nautical mile', 'nautical mile', 'nautical miles'],
  ['mass', 'mg', 'milligram', 'milligrams', 'mg'],
  ['mass', 'g', 'gram', 'grams'],
  ['mass', 'kg', 'kilogram', 'kilograms', 'kg,kgs,kilo,kilos'],
  ['mass', 'ounce', 'ounce', 'ounces', 'oz'],
  ['mass', 'pound', 'pound', 'pounds', 'lb,lbs'],
  ['mass', 'stone', 'stone', 'stone', 'stones'],
  ['mass', 'kg', 'metric ton', 'metric tons', 'tonne,tonnes', 1000],
  ['volume', 'ml', 'milliliter', 'milliliters', 'ml,millilitre,millilitres'],
  ['volume', 'l', 'liter', 'liters', 'litre,litres'],
  ['volume', 'teaspoon', 'teaspoon', 'teaspoons', 'tsp'],
  ['volume', 'tablespoon', 'tablespoon', 'tablespoons', 'tbsp'],
  ['volume', 'cup', 'cup', 'cups'],
  ['volume', 'tablespoon', 'fluid ounce', 'fluid ounces', '', 2],
  ['volume', 'cup', 'pint', 'pints', '', 2],
  ['volume', 'cup', 'quart', 'quarts', '', 4],
  ['volume', 'gallon', 'gallon', 'gallons'],
  [
    'temperature',
    'celsius',
    'degree Celsius',
    'degrees Celsius',
    'celsius,degrees centigrade,centigrade,degree centigrade',
  ],
  ['temperature', 'fahrenheit', 'degree Fahrenheit', 'degrees Fahrenheit', 'fahrenheit'],
  ['temperature', 'kelvin', 'kelvin', 'kelvin', 'degrees kelvin'],
  ['time', 'second', 'second', 'seconds'],
  ['time', 'minute', 'minute', 'minutes'],
  ['time', 'hour', 'hour', 'hours'],
  ['time', 'day', 'day', 'days'],
  ['time', 'week', 'week', 'weeks'],
  ['speed', 'mile', 'mile per hour', 'miles per hour', 'mph,miles an hour'],
  ['speed', 'km', 'kilometer per hour', 'kilometers per hour', 'kph,kmh,km h,kilometers an hour,kilometres per hour'],
  ['speed', 'km', 'meter per second', 'meters per second', 'metres per second', 3.6],
  ['area', 'square meter', 'square meter', 'square meters', 'square metres'],
  ['area', 'square foot', 'square foot', 'square feet'],
  ['area', 'acre', 'acre', 'acres'],
  ['area', 'hectare', 'hectare', 'hectares'],
  ['data', 'byte', 'byte', 'bytes'],
  ['data', 'kilobyte', 'kilobyte', 'kilobytes', 'kb'],
  ['data', 'megabyte', 'megabyte', 'megabytes', 'mb,megs'],
  ['data', 'gigabyte', 'gigabyte', 'gigabytes', 'gb,gigs'],
  ['data', 'terabyte', 'terabyte', 'terabytes', 'tb'],
];

const UNITS = new Map<string, SpokenUnit>();
for (const [kind, unit, singular, plural, aliases = '', factor = 1] of ROWS) {
  const names = aliases.split(',');
  for (const name of [singular, plural, ...names]) {
    const key = name.toLowerCase();
    if (key !== '' && !UNITS.has(key)) UNITS.set(key, { kind, unit, factor, singular, plural });
  }
}

/** American measures. Undefined for what is no unit. */
export function unitNamed(words: string): SpokenUnit | undefined {
  return UNITS.get(words);
}

/** Ounces are a mass unless the other unit is a volume. */
export function unitLike(words: string, other: SpokenUnit | undefined): SpokenUnit | undefined {
  if (/^(?:ounces?|oz)$/.test(words) && other?.kind === 'volume') return UNITS.get('fluid ounces');
  return UNITS.get(words);
}
