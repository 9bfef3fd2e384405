import { Temporal } from 'temporal-polyfill';
import type { Alarm } from '../../ports/skill-store.ts';
import { CANCEL, NO, reversible, YES, type Keeping } from './keeping.ts';
import { readMoment, spokenMoment } from './moments.ts';
import { firstMatch, type Skill, type SkillAnswer, type SkillRequest } from './skill.ts';
import { saidBack, spokenList } from './spoken-lists.ts';

const REMIND =
  /^(?:remind me|ping me|nudge me|(?:set|create|make|add)(?: me)? an?(?: new)? reminder|give me a reminder|reminder|set a reminder)(?: (?<rest>.+))?$/;
const FORGET =
  /^(?:do not let me forget|make sure i do not forget|i must not forget|help me remember|do not forget to remind me)(?: (?<rest>.+))?$/;
const LIST =
  /^(?:(?:what|which) reminders(?: do i have| are there| have i set| have i got| are set)?(?: set| today| coming up)*|(?:do i have|are there|have i got)(?: any)?(?: other)? reminders?(?: set| today| coming up)*|(?:list|show|read|check|what are)(?: me)?(?: all)?(?: the| my)? reminders|my reminders)$/;
const STOP = new RegExp(
  `^${CANCEL} (?<all>all )?(?:of )?(?:the |my |that |all |a )*(?<noun>reminders?)(?: (?:to|about|for) (?<what>.+))?$`,
);
const ASK_WHEN = 'When should I remind you?';
const ASK_WHAT = 'What should I remind you of?';
const ONCE_ONLY = 'I can only remind you once, not again and again.';

export function reminderSkill({ store, newId }: Keeping): Skill {
  const reminders = (): Alarm[] => store.alarms().filter(({ kind }) => kind === 'reminder');

  function set(request: SkillRequest, what: string, moment: Temporal.ZonedDateTime): SkillAnswer {
    const reminder: Alarm = {
      id: newId(),
      kind: 'reminder',
      dueMs: moment.epochMilliseconds,
      label: what,
      durationMs: null,
    };
    const when = spokenMoment(moment, request.now);
    return {
      text: `I'll remind you ${asPurpose(what)} ${/^\d/.test(when) ? `at ${when}` : when}.`,
      effect: reversible(
        [reminder],
        (each) => store.putAlarm(each),
        (each) => store.removeAlarm(each.id),
      ),
    };
  }

  function remind(request: SkillRequest, rest: string): SkillAnswer | null {
    if (/\bevery\b|\bdaily\b|\bweekly\b|\beach (?:day|week)\b/.test(rest)) return { text: ONCE_ONLY };
    const { what, moment } = splitMoment(rest, request.now);
    if (what === '' && !moment) return { text: ASK_WHAT, followUp: (next) => fillWhat(next, null) };
    if (what === '') return { text: ASK_WHAT, followUp: (next) => fillWhat(next, moment) };
    if (moment) return set(request, what, moment);
    return { text: ASK_WHEN, followUp: (next) => fillWhen(next, what) };
  }

  function fillWhen(request: SkillRequest, what: string): SkillAnswer | null {
    for (const form of request.numeric) {
      const moment = readMoment(form, request.now);
      if (moment) return set(request, what, moment);
    }
    return null;
  }

  function fillWhat(request: SkillRequest, moment: Temporal.ZonedDateTime | null): SkillAnswer | null {
    const said = request.numeric.at(-1)!.replace(/^(?:remind me )?(?:to|about|that|of) /, '');
    if (/^(?:nothing|never mind|forget it|cancel|stop)$/.test(said)) return null;
    if (moment) return set(request, said, moment);
    return remind(request, `to ${said}`);
  }

  function list({ now }: SkillRequest): SkillAnswer {
    const all = reminders().map((each) => `${asPurpose(each.label)}, ${spokenMoment(momentOf(each, now), now)}`);
    if (all.length === 0) return { text: 'You have no reminders.' };
    return { text: `You have ${all.length === 1 ? 'one reminder' : `${all.length} reminders`}: ${all.join('; ')}.` };
  }

  function stop({ groups }: RegExpExecArray): SkillAnswer {
    const { what, noun, all } = groups!;
    const set = reminders();
    if (set.length === 0) return { text: 'You have no reminders.' };
    const chosen = what === undefined ? set : set.filter(({ label }) => label === what || label.includes(what));
    if (chosen.length === 0) return { text: 'There is no such reminder.' };
    if (chosen.length > 1 && noun === 'reminder' && all === undefined) {
      return {
        text: `You have reminders ${spokenList(chosen.map(({ label }) => asPurpose(label)))}. Say which one to cancel.`,
      };
    }
    const removal = {
      text: chosen.length === 1 ? 'Reminder cancelled.' : `All ${chosen.length} reminders cancelled.`,
      effect: reversible(
        chosen,
        (each) => store.removeAlarm(each.id),
        (each) => store.putAlarm(each),
      ),
    };
    if (chosen.length === 1) return removal;
    return {
      text: `Cancel all ${chosen.length} reminders?`,
      followUp: ({ forms }) => {
        if (firstMatch(forms, NO)) return { text: 'Okay, I kept them.' };
        return firstMatch(forms, YES) ? removal : null;
      },
    };
  }

  return {
    name: 'reminder',
    sentences: [
      ASK_WHEN,
      ASK_WHAT,
      ONCE_ONLY,
      'You have no reminders.',
      'Reminder cancelled.',
      'There is no such reminder.',
      'Okay, I kept them.',
    ],
    answer(request) {
      const { numeric } = request;
      if (!/remind|forget|remember|ping me|nudge me/.test(numeric[0]!)) return null;
      if (firstMatch(numeric, LIST)) return list(request);
      const stopped = firstMatch(numeric, STOP);
      if (stopped) return stop(stopped);
      const found = firstMatch(numeric, REMIND, FORGET);
      const rest = found?.groups!.rest ?? '';
      // "remind me what you said", "remind me who wrote it": questions, not reminders.
      if (!found || /^(?:again )?(?:what|who|where|why|how|when|which|if|whether|of (?:what|the))\b/.test(rest))
        return null;
      if (found[0].startsWith('reminder') && rest === '') return null;
      return remind(request, rest);
    },
  };
}

/** What to do and when, whichever comes first: "to call mom in 1 hour", "tomorrow at 9 to take out the trash". */
function splitMoment(
  rest: string,
  now: Temporal.ZonedDateTime,
): { what: string; moment: Temporal.ZonedDateTime | null } {
  const words = rest.split(' ').filter((word) => word !== '');
  for (let length = words.length; length > 0; length--) {
    const last = words.slice(words.length - length);
    const first = words.slice(0, length);
    const atEnd = readMoment(last.join(' ').replace(/^for /, ''), now);
    if (atEnd) return { what: purpose(words.slice(0, words.length - length)), moment: atEnd };
    const atStart = readMoment(first.join(' ').replace(/^for /, ''), now);
    if (atStart) return { what: purpose(words.slice(length)), moment: atStart };
  }
  return { what: purpose(words), moment: null };
}

/** "to" and "about" are how a purpose begins; "that" and "of" are not kept. */
function purpose(words: readonly string[]): string {
  return words
    .join(' ')
    .replace(/^(?:to|that|of|for) /, '')
    .replace(/^(?:to|that|about|of|for)$/, '');
}

function asPurpose(label: string): string {
  return /^about |^(?:my|the|an?|your|i|we|it|there) /.test(label)
    ? saidBack(label.replace(/^(?!about )/, 'about '))
    : `to ${saidBack(label)}`;
}

function momentOf({ dueMs }: Alarm, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(dueMs).toZonedDateTimeISO(now.timeZoneId);
}
