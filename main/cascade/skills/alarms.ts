import type { Alarm } from '../../ports/skill-store.ts';
import { CANCEL, reversible, type Keeping } from './keeping.ts';
import { DURATION, durationMs, spokenDuration } from './durations.ts';
import { readMoment, spokenMoment } from './moments.ts';
import { nextOf, readRepeat, repeatAt, spokenRepeat } from './repeats.ts';
import { firstMatch, type Skill, type SkillAnswer, type SkillRequest } from './skill.ts';
import { spokenList } from './spoken-lists.ts';
import { Temporal } from 'temporal-polyfill';

const SET =
  /^(?:(?:set|create|make|add|put|start|i need|need|i would like|i want|give me|have|schedule)(?: me)?(?: up)? ?)?(?:(?:an?|the|my|another|new|1) )*(?:(?<before>[a-z0-9: ]+?) )?(?:wake ?up )?alarm(?: clock)?(?: (?:for|at|to|on))?(?: (?<after>.+))?$/;
const WAKE =
  /^(?:wake me|get me|get me up|wake me up)(?: up)?(?: please)?(?: (?:at|by|around|for))?(?: (?<after>.+))?$/;
const LIST =
  /^(?:(?:do i have|are there|have i got|have i set|did i set|is there)? ?(?:any |an? |my )?(?:other )?alarms?(?: set| on| active| for .+)*|(?:what|which) alarms(?: do i have| are there| are set| have i set| are on)?(?: set| on)?|(?:list|show|read|check|what are)(?: me)?(?: all)?(?: the| my)? alarms|(?:when|what time) (?:is|does) (?:my|the)(?: next)? alarm(?: set| going off| go off| ring)*(?: for| at)?|is (?:my|the|an) alarm (?:set|on)|my alarms)$/;
const STOP = new RegExp(
  `^${CANCEL} (?<all>all )?(?:of )?(?:the |my |that |all |an )*(?:(?<before>[a-z0-9: ]+?) )?(?<noun>alarms?)(?: off)?(?: clock)?(?: (?:for|at|on) (?<after>.+))?$`,
);
const SNOOZE = new RegExp(
  `^(?:(?:hit |press )?snooze(?: (?:it|that|this|the alarm|my alarm|alarm|button))?(?: for)?(?: (?<d1>${DURATION}))?|(?<d2>\\d+) more minutes?(?: of sleep)?|(?:let me )?sleep(?: for)? (?<d3>${DURATION}) (?:more|longer)|remind me again later)$`,
);
/** As on most alarm clocks. */
const SNOOZE_MS = 9 * 60_000;
const NOTHING_RINGS = 'Nothing is ringing.';
const ASK_WHEN = 'For what time?';

export function alarmSkill({ store, newId }: Keeping): Skill {
  const alarms = (): Alarm[] => store.alarms().filter(({ kind }) => kind === 'alarm');

  function set(request: SkillRequest, when: string | undefined): SkillAnswer | null {
    if (when === undefined) return { text: ASK_WHEN, followUp: (next) => fill(next) };
    const days = readRepeat(when);
    if (days) return setRepeating(request, days);
    const moment = readMoment(when, request.now, { prefersMorning: true });
    if (!moment) return null;
    const alarm: Alarm = { id: newId(), kind: 'alarm', dueMs: moment.epochMilliseconds, label: '', durationMs: null };
    return {
      text: `Alarm set for ${spokenMoment(moment, request.now)}.`,
      effect: reversible(
        [alarm],
        (each) => store.putAlarm(each),
        (each) => store.removeAlarm(each.id),
      ),
    };
  }

  function setRepeating(request: SkillRequest, days: { days: number[]; rest: string }): SkillAnswer | null {
    if (days.rest === '')
      return {
        text: ASK_WHEN,
        followUp: (next) => nonNull(next.numeric, (rest) => setRepeating(next, { ...days, rest })),
      };
    const repeat = repeatAt(days, request.now);
    if (!repeat) return null;
    const dueMs = nextOf(repeat, request.now).epochMilliseconds;
    const alarm: Alarm = { id: newId(), kind: 'alarm', dueMs, label: '', durationMs: null, repeat };
    return {
      text: `Alarm set for ${spokenRepeat(repeat, request.now)}.`,
      effect: reversible(
        [alarm],
        (each) => store.putAlarm(each),
        (each) => store.removeAlarm(each.id),
      ),
    };
  }

  /** Of those that ring now, or have rung a moment ago. */
  function snooze(request: SkillRequest, spoken: string | undefined): SkillAnswer {
    const ringing = store.alarms().filter(({ dueMs }) => dueMs <= request.now.epochMilliseconds);
    if (ringing.length === 0) return { text: NOTHING_RINGS };
    const ms = spoken === undefined ? SNOOZE_MS : durationMs(spoken);
    const dueMs = request.now.epochMilliseconds + ms;
    // One that repeats stays as it is, and rings once more besides.
    const later = ringing.map((each): Alarm => ({ ...each, id: newId(), dueMs, repeat: null }));
    const over = ringing.filter(({ repeat }) => !repeat);
    return {
      text: `Okay, again in ${spokenDuration(ms)}.`,
      effect: {
        apply: () => {
          for (const each of later) store.putAlarm(each);
          for (const each of over) store.removeAlarm(each.id);
          return () => {
            for (const each of later) store.removeAlarm(each.id);
            for (const each of over) store.putAlarm(each);
          };
        },
      },
    };
  }

  function fill(request: SkillRequest): SkillAnswer | null {
    return nonNull(request.numeric, (form) => set(request, form));
  }

  function list({ now }: SkillRequest): SkillAnswer {
    const times = alarms().map((each) =>
      each.repeat ? spokenRepeat(each.repeat, now) : spokenMoment(momentOf(each, now), now),
    );
    if (times.length === 0) return { text: 'No alarm is set.' };
    return { text: `${times.length === 1 ? 'One alarm' : `${times.length} alarms`}: ${spokenList(times)}.` };
  }

  function stop(request: SkillRequest, { groups }: RegExpExecArray): SkillAnswer | null {
    const set = alarms();
    const when = groups!.before ?? groups!.after;
    const isAll = groups!.all !== undefined || groups!.noun === 'alarms';
    const ringing = set.filter(({ dueMs }) => dueMs <= request.now.epochMilliseconds);
    // It is silent and done by now, as it always is once the user has spoken; one that repeats is not taken for good by that.
    if (when === undefined && !isAll && ringing.length > 0) return { text: 'Alarm stopped.' };
    const days = when === undefined ? null : readRepeat(when);
    if (days) return stopRepeating(request, days);
    const asked = when === undefined ? null : readMoment(when, request.now, { prefersMorning: true });
    if (when !== undefined && !asked && !/^(?:next|current|first)$/.test(when)) return null;
    if (set.length === 0) return { text: 'No alarm is set.' };
    const chosen = asked
      ? set.filter((each) => isSameTime(momentOf(each, request.now), asked))
      : isAll || when === undefined
        ? set
        : set.slice(0, 1);
    if (chosen.length === 0) return { text: 'There is no alarm at that time.' };
    if (chosen.length > 1 && !isAll) {
      const times = chosen.map((each) => spokenMoment(momentOf(each, request.now), request.now));
      return { text: `You have alarms at ${spokenList(times)}. Say which one to cancel.` };
    }
    return {
      text: chosen.length === 1 ? 'Alarm cancelled.' : `All ${chosen.length} alarms cancelled.`,
      effect: reversible(
        chosen,
        (each) => store.removeAlarm(each.id),
        (each) => store.putAlarm(each),
      ),
    };
  }

  function stopRepeating(request: SkillRequest, days: { days: number[]; rest: string }): SkillAnswer | null {
    const repeat = repeatAt(days, request.now);
    if (!repeat && days.rest !== '') return null;
    const chosen = alarms().filter(
      (each) =>
        each.repeat?.days.join() === days.days.join() &&
        (!repeat || (each.repeat.hour % 12 === repeat.hour % 12 && each.repeat.minute === repeat.minute)),
    );
    if (chosen.length === 0) return { text: 'There is no such alarm.' };
    return {
      text: chosen.length === 1 ? 'Alarm cancelled.' : `All ${chosen.length} alarms cancelled.`,
      effect: reversible(
        chosen,
        (each) => store.removeAlarm(each.id),
        (each) => store.putAlarm(each),
      ),
    };
  }

  return {
    name: 'alarm',
    sentences: [
      ASK_WHEN,
      'No alarm is set.',
      'Alarm cancelled.',
      'There is no alarm at that time.',
      'Alarm stopped.',
      NOTHING_RINGS,
      'Okay, again in 9 minutes.',
    ],
    answer(request) {
      const { numeric } = request;
      const snoozed = firstMatch(numeric, SNOOZE);
      if (snoozed) {
        const { d1, d2, d3 } = snoozed.groups!;
        const spoken = d1 ?? d3 ?? (d2 && `${d2} minutes`);
        // "ten more minutes" is about an alarm only while one rings.
        const isRinging = store.alarms().some(({ dueMs }) => dueMs <= request.now.epochMilliseconds);
        if (isRinging || snoozed[0].includes('snooze')) return snooze(request, spoken);
      }
      if (!/\balarm|wake me|get me up/.test(numeric[0]!)) return null;
      if (firstMatch(numeric, LIST)) return list(request);
      const stopped = firstMatch(numeric, STOP);
      if (stopped) return stop(request, stopped);
      for (const form of numeric) {
        const found = SET.exec(form)?.groups ?? WAKE.exec(form)?.groups;
        if (!found) continue;
        const when = [found.before, found.after].filter((part) => part !== undefined && part !== 'wake up').join(' ');
        const answer = set(request, when === '' ? undefined : when);
        if (answer) return answer;
      }
      return null;
    },
  };
}

function momentOf({ dueMs }: Alarm, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(dueMs).toZonedDateTimeISO(now.timeZoneId);
}

/** On the clock: "my seven o'clock alarm" is any at seven, in the morning or the evening. */
function isSameTime(one: Temporal.ZonedDateTime, other: Temporal.ZonedDateTime): boolean {
  return one.hour % 12 === other.hour % 12 && one.minute === other.minute;
}

function nonNull<T>(forms: readonly string[], find: (form: string) => T | null): T | null {
  for (const form of forms) {
    const found = find(form);
    if (found !== null) return found;
  }
  return null;
}
