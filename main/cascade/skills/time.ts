import { capital, spokenTime } from './moments.ts';
import { firstMatch, type Skill } from './skill.ts';
import { zoneOfPlace } from './time-zones.ts';

const PATTERNS = [
  /^what(?: is the)? time(?: is it| it is| have you got| do you have| do we have| do you make it)?(?: now| here| currently| at the moment| over there)?(?: (?:in|for) (?<place>[a-z ]+))?$/,
  /^(?:check |what is |got |have you got |do you have |you have |you got |read me |say )?(?:the |a )?(?:current |exact |local |right )?time(?: now| here| check| check please| is it| please)?(?: (?:in|for) (?<place>[a-z ]+))?$/,
  /^what (?:is|are) the (?:current |exact |local )?(?:time|hour)(?: of day)?(?: now| here| currently| at the moment)?(?: (?:over |down )?(?:in|for) (?<place>[a-z ]+))?$/,
  /^(?:what hour is it|how late is it(?: now)?|what does the clock say|what is it o clock|is it late|time check)$/,
  /^what time is it (?:now |currently |right now )?(?:over |down )?in (?<place>[a-z ]+?)(?: now| right now| at the moment)?$/,
];

export const timeSkill: Skill = {
  name: 'time',
  answer({ forms, now }) {
    const match = firstMatch(forms, ...PATTERNS);
    if (!match) return null;
    const place = match.groups?.place;
    if (place === undefined) return { text: `It's ${spokenTime(now)}.` };
    const zone = zoneOfPlace(place);
    if (zone === undefined) return null;
    return { text: `It's ${spokenTime(now.withTimeZone(zone))} in ${placeName(place)}.` };
  },
};

function placeName(place: string): string {
  return place.replace(/\b(?!the\b|de\b)[a-z]+/g, (word) =>
    ['uk', 'la', 'dc', 'utc', 'gmt'].includes(word) ? word.toUpperCase() : capital(word),
  );
}
