import { capitalOf, countryOf } from './capitals.ts';
import { capital, MONTHS, WEEKDAYS } from './moments.ts';
import { firstMatch, type Skill, type SkillAnswer, type SkillRequest } from './skill.ts';

const CAPITAL =
  /^(?:(?:what|which)(?: city)? is|what s|name|do you know)? ?(?:the )?capital(?: city)? (?:of|in|for) (?<country>[a-z ]+?)(?: called)?$/;
const CAPITAL_IS = /^(?:what|which) (?:city )?is (?<country>[a-z ]+?) s capital(?: city)?$/;
const CAPITAL_OF_WHAT =
  /^(?<city>[a-z ]+) is the capital of (?:what|which)(?: country| state)?$|^(?:what|which) country(?: is)? (?<city>[a-z ]+) (?:is )?(?:the )?capital of$/;
const DAYS_IN_MONTH = new RegExp(
  `^how many days (?:are |is |does |do )?(?:there )?(?:in |has )?(?:the month of )?(?<month>${MONTHS.join('|')})(?: have| has| this year)?$`,
);
const DAYS_IN_THIS =
  /^how many days (?:are |does )?(?:there )?(?:in )?(?:this|the current) (?<span>month|year)(?: have)?$/;
const NEXT_LETTER =
  /^(?:what|which)(?: is)?(?: the)?(?: letter)?(?: of the alphabet)?(?: that)? (?:comes |goes |is )?(?<side>after|before|follows|precedes)(?: the letter)? (?<letter>[a-z])(?: in the alphabet)?$/;
const NTH_LETTER = /^(?:what|which) is the (?<n>\d+)(?:st|nd|rd|th) letter(?: of| in)(?: the)? alphabet$/;
const NEXT_DAY = new RegExp(
  `^(?:what|which)(?: day| month)?(?: of the week)?(?: comes| is| follows)? (?<side>after|before|follows) (?<name>${[...WEEKDAYS, ...MONTHS].join('|')})$`,
);
const SYMBOL = /^(?:what is )?(?:the )?(?:chemical |element )?symbol (?:of|for) (?<element>[a-z]+)$/;
const SIDES =
  /^how many (?:sides|corners|edges|angles) (?:does|do|are in|has)(?: an?)? (?<shape>[a-z]+)(?: have| has)?$/;

const SYMBOLS: Readonly<Record<string, string>> = {
  hydrogen: 'H', helium: 'He', lithium: 'Li', carbon: 'C', nitrogen: 'N', oxygen: 'O', fluorine: 'F', neon: 'Ne', sodium: 'Na', magnesium: 'Mg', aluminum: 'Al', aluminium: 'Al', silicon: 'Si', phosphorus: 'P', sulfur: 'S', chlorine: 'Cl', argon: 'Ar', potassium: 'K', calcium: 'Ca', titanium: 'Ti', iron: 'Fe', nickel: 'Ni', copper: 'Cu', zinc: 'Zn', silver: 'Ag', tin: 'Sn', iodine: 'I', platinum: 'Pt', gold: 'Au', mercury: 'Hg', lead: 'Pb', uranium: 'U',
}; // prettier-ignore
const SHAPES: Readonly<Record<string, number>> = {
  triangle: 3, square: 4, rectangle: 4, pentagon: 5, hexagon: 6, heptagon: 7, octagon: 8, nonagon: 9, decagon: 10,
}; // prettier-ignore

/** Questions whose answer has not changed for a long time and that nobody disputes. Whole sentences only. */
const SURE: readonly (readonly [RegExp, string])[] = [
  [/^how many (?:days (?:are )?(?:there )?in a(?: normal| common| regular)? year|days does a year have)$/, '365, or 366 in a leap year.'],
  [/^how many days (?:are )?(?:there )?in a leap year$/, '366.'],
  [/^how many (?:days (?:are )?(?:there )?in (?:a|one) month|days does a month have)$/, '28 to 31: it depends on the month.'],
  [/^how many (?:weeks (?:are )?(?:there )?in (?:a|one) year|weeks does a year have)$/, '52 weeks, and a day or two.'],
  [/^how many months (?:are )?(?:there )?(?:in (?:a|one) year|does a year have)$/, 'Twelve.'],
  [/^how many (?:weeks (?:are )?(?:there )?in (?:a|one) month)$/, 'A little more than four.'],
  [/^how many years (?:are )?(?:there )?in a decade$/, 'Ten.'],
  [/^how many years (?:are )?(?:there )?in a century$/, 'A hundred.'],
  [/^how many years (?:are )?(?:there )?in a millennium$/, 'A thousand.'],
  [/^how many letters (?:are )?(?:there )?(?:in|does) the(?: english)? alphabet(?: have)?$/, 'Twenty-six.'],
  [/^(?:say|recite|what is|sing) the(?: english)? alphabet$/, 'A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z.'],
  [/^(?:what|which) is the (?:first letter|1st letter) (?:of|in) the alphabet$/, 'A.'],
  [/^(?:what|which) is the last letter (?:of|in) the alphabet$/, 'Z.'],
  [/^(?:what are|which are|name|list) the vowels$/, 'A, E, I, O, and U.'],
  [/^how many continents (?:are there|does the (?:earth|world) have|exist)(?: in the world| on earth)?$/, 'There are seven continents, as they are usually counted.'],
  [/^how many oceans (?:are there|does the earth have)(?: in the world| on earth)?$/, 'Five.'],
  [/^how many planets (?:are there|are|does the solar system have|do we have)(?: there)?(?: in (?:the|our) solar system)?$/, 'There are eight planets in the solar system.'],
  [/^how many states (?:are there|are|does (?:the us|the usa|the united states|america) have)(?: there)?(?: in (?:the us|the usa|the united states|america|the united states of america))?$/, 'The United States has fifty states.'],
  [/^how many legs (?:does|do|has|have)(?: an?)? spiders?(?: have| got)?$/, 'Spiders have eight legs.'],
  [/^how many legs (?:does|do|has|have)(?: an?)? (?:insects?|ants?|bees?|fly|flies|beetles?)(?: have| got)?$/, 'Six.'],
  [/^(?:at )?(?:what|which)(?: is the)? (?:temperature does water boil(?: at)?|boiling (?:point|temperature) of water|temperature water boils)$|^when does water boil$/, '100 degrees Celsius, or 212 Fahrenheit, at sea level.'],
  [/^(?:at )?(?:what|which)(?: is the)? (?:temperature does water freeze(?: at)?|freezing (?:point|temperature) of water|temperature water freezes)$|^when does water freeze$/, '0 degrees Celsius, or 32 Fahrenheit.'],
  [/^(?:what|which) is the (?:largest|biggest) planet(?: in (?:the|our) solar system)?$/, 'Jupiter.'],
  [/^(?:what|which) is the smallest planet(?: in (?:the|our) solar system)?$/, 'Mercury.'],
  [/^(?:what|which) (?:planet )?is (?:the )?(?:closest|nearest)(?: planet)? to the sun$/, 'Mercury.'],
  [/^(?:what|which) is the (?:largest|biggest) ocean(?: in the world| on earth)?$/, 'The Pacific.'],
  [/^(?:what|which) is the (?:largest|biggest) continent(?: in the world| on earth)?$/, 'Asia.'],
  [/^(?:what|which) is the smallest continent(?: in the world| on earth)?$/, 'Australia.'],
  [/^(?:what|which) is the (?:largest|biggest) (?:animal|mammal)(?: in the world| on earth)?$/, 'The blue whale.'],
  [/^(?:what|which) is the (?:tallest|highest) mountain(?: in the world| on earth)?$/, 'Mount Everest.'],
  [/^(?:what|which) is the tallest animal(?: in the world| on earth)?$/, 'The giraffe.'],
  [/^(?:what|which) is the fastest land animal(?: in the world| on earth)?$/, 'The cheetah.'],
  [/^(?:what are|which are|name|list) the (?:4 |four )?seasons(?: of the year)?$/, 'Spring, summer, autumn, and winter.'],
  [/^how many seasons (?:are there|are there in a year|does a year have)$/, 'Four.'],
  [/^(?:what are|name|list) the colou?rs of the rainbow$/, 'Red, orange, yellow, green, blue, indigo, and violet.'],
  [/^how many colou?rs (?:are there |are )?(?:in|does) (?:a|the) rainbow(?: have)?$/, 'Seven, as they are usually counted.'],
  [/^(?:what are|name|list) the days of the week$/, 'Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday.'],
  [/^(?:what are|name|list) the months(?: of the year| in a year)?$/, 'January, February, March, April, May, June, July, August, September, October, November, and December.'],
  [/^(?:what are|name|list) the primary colou?rs$/, 'Red, yellow, and blue for paint; red, green, and blue for light.'],
  [/^(?:what|which) is the chemical formula (?:of|for) water$|^what is water made of$/, 'H two O: hydrogen and oxygen.'],
  [/^(?:what is|tell me|give me) (?:the value of )?pi$/, 'Pi is about 3.14159.'],
  [/^how many (?:players|people) (?:are )?(?:there )?(?:on|in) a (?:soccer|football) team$/, 'Eleven.'],
  [/^how many strings (?:does|has) a (?:guitar|normal guitar)(?: have)?$/, 'Six, on an ordinary guitar.'],
  [/^how many strings (?:does|has) a violin(?: have)?$/, 'Four.'],
  [/^how many keys (?:does|has|are on|are there on) a piano(?: have)?$/, 'Eighty-eight.'],
  [/^how many bones (?:does|do|are in|are there in)(?: an?| the)?(?: adult)? (?:human|humans|human body|person|body|human adult)(?: have)?$/, 'An adult has 206 bones.'],
  [/^how many teeth (?:does|do)(?: an?)?(?: adult)? (?:human|humans|person|adult|adults|people)(?: have)?$/, 'An adult has 32 teeth, counting wisdom teeth.'],
  [/^how many (?:cards|playing cards) (?:are )?(?:there )?in a (?:deck|pack)(?: of cards)?$/, '52.'],
  [/^how many eggs (?:are )?(?:there )?in a dozen$|^how many is a dozen$|^how (?:many|much) is (?:a|1) dozen$/, 'Twelve.'],
  [/^(?:what|which) is the speed of light$|^how fast is light$|^how fast does light travel$/, 'About 300,000 kilometers per second.'],
  [/^who (?:painted|made) the mona lisa$/, 'Leonardo da Vinci.'],
  [/^who wrote (?:romeo and juliet|hamlet|macbeth)$/, 'William Shakespeare.'],
  [/^who was the first (?:president of the (?:united states|us|usa)|us president|american president)$/, 'George Washington.'],
  [/^who was the first (?:man|person|human) on the moon$|^who (?:first )?walked on the moon first$/, 'Neil Armstrong.'],
  [/^(?:when|what year) did (?:the )?(?:second world war|world war 2|world war ii) end$/, 'In 1945.'],
  [/^(?:when|what year) did (?:the )?(?:first world war|world war 1|world war i) (?<s>start|begin)$/, 'In 1914.'],
]; // prettier-ignore

export const factSkill: Skill = {
  name: 'facts',
  sentences: SURE.map(([, answer]) => answer),
  answer(request) {
    for (const forms of [request.forms, request.numeric]) {
      for (const form of forms) {
        const sure = SURE.find(([pattern]) => pattern.test(form));
        if (sure) return { text: sure[1] };
      }
    }
    return capitalFact(request) ?? calendarFact(request) ?? letterFact(request) ?? thingFact(request);
  },
};

function capitalFact({ forms }: SkillRequest): SkillAnswer | null {
  const country = firstMatch(forms, CAPITAL, CAPITAL_IS)?.groups!.country;
  const city = country === undefined ? undefined : capitalOf(country);
  if (city !== undefined) return { text: `${city}.` };
  const asked = firstMatch(forms, CAPITAL_OF_WHAT)?.groups!.city;
  const found = asked === undefined ? undefined : countryOf(asked);
  return found === undefined ? null : { text: `${titled(found)}.` };
}

function calendarFact({ forms, now }: SkillRequest): SkillAnswer | null {
  const month = firstMatch(forms, DAYS_IN_MONTH)?.groups!.month;
  if (month === 'february') return { text: '28, or 29 in a leap year.' };
  if (month !== undefined) {
    const { daysInMonth } = now
      .toPlainDate()
      .with({ day: 1 })
      .with({ month: MONTHS.indexOf(month) + 1 });
    return { text: `${capital(month)} has ${daysInMonth} days.` };
  }
  const span = firstMatch(forms, DAYS_IN_THIS)?.groups!.span;
  if (span === 'month') return { text: `${now.daysInMonth}.` };
  if (span === 'year') return { text: `${now.daysInYear}.` };
  const next = firstMatch(forms, NEXT_DAY)?.groups;
  if (!next) return null;
  const names = WEEKDAYS.includes(next.name!) ? WEEKDAYS : MONTHS;
  const step = next.side === 'before' ? -1 : 1;
  return { text: `${capital(names[(names.indexOf(next.name!) + step + names.length) % names.length]!)}.` };
}

function letterFact({ forms, numeric }: SkillRequest): SkillAnswer | null {
  const next = firstMatch(forms, NEXT_LETTER)?.groups;
  const nth = firstMatch(numeric, NTH_LETTER)?.groups!.n;
  const A = 'a'.charCodeAt(0);
  const code = next
    ? next.letter!.charCodeAt(0) + (next.side === 'after' || next.side === 'follows' ? 1 : -1)
    : nth === undefined
      ? 0
      : A + Number(nth) - 1;
  return code < A || code > A + 25 ? null : { text: `${String.fromCharCode(code).toUpperCase()}.` };
}

function thingFact({ forms }: SkillRequest): SkillAnswer | null {
  const element = firstMatch(forms, SYMBOL)?.groups!.element;
  const symbol = element === undefined || !Object.hasOwn(SYMBOLS, element) ? undefined : SYMBOLS[element];
  if (symbol !== undefined) return { text: `${[...symbol.toUpperCase()].join(', ')}.` };
  const shape = firstMatch(forms, SIDES)?.groups!.shape;
  return shape === undefined || !Object.hasOwn(SHAPES, shape) ? null : { text: `${capital(String(SHAPES[shape]))}.` };
}

function titled(name: string): string {
  return name.replace(/\b(?!of\b|and\b)[a-z]/g, (letter) => letter.toUpperCase());
}
