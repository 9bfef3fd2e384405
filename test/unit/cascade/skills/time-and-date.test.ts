import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readMoment, spokenMoment } from '../../../../main/cascade/skills/moments.ts';
import { SkillRig } from './skill-rig.ts';

function momentIn(text: string, nowText = '2026-03-10T15:05[America/New_York]', prefersMorning = false): string | null {
  const moment = readMoment(text, Temporal.ZonedDateTime.from(nowText), { prefersMorning });
  return moment && moment.toPlainDateTime().toString({ smallestUnit: 'minute' });
}

describe('moments', () => {
  it.each([
    ['at 7', '2026-03-10T19:00'],
    ['at 3', '2026-03-11T03:00'],
    ['at 7 30 am', '2026-03-11T07:30'],
    ['tomorrow at 9', '2026-03-11T09:00'],
    ['tomorrow at 3', '2026-03-11T15:00'],
    ['tomorrow morning at 6', '2026-03-11T06:00'],
    ['at half past 6', '2026-03-10T18:30'],
    ['quarter to 8', '2026-03-10T19:45'],
    ['10 past 4 pm', '2026-03-10T16:10'],
    ['at noon', '2026-03-11T12:00'],
    ['tonight at 8', '2026-03-10T20:00'],
    ['on friday at noon', '2026-03-13T12:00'],
    ['tuesday at 5 pm', '2026-03-17T17:00'],
    ['in 20 minutes', '2026-03-10T15:25'],
    ['in 2 days', '2026-03-12T15:05'],
    ['at 18:15', '2026-03-10T18:15'],
    ['7 o clock in the evening', '2026-03-10T19:00'],
    ['midnight', '2026-03-11T00:00'],
    ['12 30', '2026-03-11T00:30'],
  ])('"%s" is %s', (text, expected) => expect(momentIn(text)).toBe(expected));

  it.each([
    'tomorrow',
    'at',
    '',
    'at 25',
    'at 7 75',
    'someday',
    'at 7 at 8 pm',
    'friday saturday at 5',
    'half to 6',
    '20 minutes',
  ])('"%s" is no moment', (text) => expect(momentIn(text)).toBeNull());

  it('stay at their time of day when the clocks change', () => {
    expect(momentIn('tomorrow at 7 am', '2026-03-07T20:00[America/New_York]')).toBe('2026-03-08T07:00');
    expect(momentIn('in 8 hours', '2026-03-07T20:00[America/New_York]')).toBe('2026-03-08T05:00');
  });

  it('in the morning are meant by who wants to be woken', () => {
    expect(momentIn('half past 6', undefined, true)).toBe('2026-03-11T06:30');
  });

  it('are said as a person would say them', () => {
    const now = Temporal.ZonedDateTime.from('2026-03-10T15:05[America/New_York]');
    expect(spokenMoment(now.add({ minutes: 5 }), now)).toBe('3:10 PM');
    expect(spokenMoment(now.add({ days: 1 }), now)).toBe('tomorrow at 3:05 PM');
    expect(spokenMoment(now.add({ days: 3 }), now)).toBe('Friday at 3:05 PM');
    expect(spokenMoment(now.add({ days: 30 }), now)).toBe('April 9 at 3:05 PM');
  });
});

describe('the date skill', () => {
  it.each([
    ['What day is it?', "It's Tuesday, March 10, 2026."],
    ['What day was yesterday?', 'Yesterday was Monday, March 9, 2026.'],
    ['How many days until Christmas?', '290 days until Christmas.'],
    ['How many days until March tenth?', 'March Tenth is today.'],
    ['What day is it in 30 days?', 'That is Thursday, April 9, 2026.'],
    ['Is it the weekend?', "No, it's Tuesday."],
    ['How many days are there in this month?', '31.'],
  ])('%s', (say, answer) => expect(new SkillRig().say(say)).toBe(answer));

  it("goes by the user's zone", () => {
    const rig = new SkillRig();
    rig.timeZone = 'Asia/Tokyo';
    expect(rig.say('What time is it?')).toBe("It's 4:05 AM.");
    expect(rig.say("What's today's date?")).toBe("It's Wednesday, March 11, 2026.");
    expect(rig.say('What time is it in New York?')).toBe("It's 3:05 PM in New York.");
  });
});
