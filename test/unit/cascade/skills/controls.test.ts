import { describe, expect, it } from 'vitest';
import { SkillRig } from './skill-rig.ts';

describe('volume by voice', () => {
  it.each([
    ['Set the volume to forty percent.', 40],
    ['Volume 70.', 70],
    ['Turn it down.', 80],
    ["You're too loud.", 80],
    ['Full volume, please.', 100],
    ['Mute yourself.', 0],
  ])('%s → %i', (say, percent) => {
    const rig = new SkillRig();
    rig.say(say);
    expect(rig.controls.percent).toBe(percent);
    rig.undo();
    expect(rig.controls.percent).toBe(100);
  });

  it('asks for what was not said, and comes back from silence to where it was', () => {
    const rig = new SkillRig();
    expect(rig.say('Set the volume.')).toBe('To how many percent?');
    expect(rig.say('Thirty.')).toBe('Volume 30 percent.');
    rig.say('Mute yourself');
    expect(rig.say('Unmute yourself.')).toBe('Volume 30 percent.');
    expect(rig.say('Turn it up.')).toBe('Volume 50 percent.');
    rig.controls.percent = 100;
    expect(rig.say('Louder!')).toBe("That's as loud as I get.");
    expect(rig.ask('Set the volume to 300 percent.').text).toBe('A hundred percent is the most.');
  });

  it('leaves the volume of other things alone', () => {
    for (const say of ['What is the volume of a cube?', 'Turn up the heat.', 'How loud is a jet engine?'])
      expect(new SkillRig().ask(say).name, say).not.toBe('volume');
  });
});

describe('voices by voice', () => {
  it('are told of, taken in turn, and taken by name', () => {
    const rig = new SkillRig();
    expect(rig.say('Which voices are there?')).toBe('This is Hibari, voice Heart. There is also Piper, voice Joe.');
    rig.say('Use another voice.');
    expect(rig.controls.voice).toBe('joe');
    rig.say('Next voice');
    expect(rig.controls.voice).toBe('heart');
    rig.say('Switch to the Joe voice.');
    expect(rig.controls.voice).toBe('joe');
    rig.undo();
    expect(rig.controls.voice).toBe('heart');
    for (const say of ['Use a spoon.', 'Use the other hand.']) expect(rig.ask(say).stage, say).toBe('model');
  });

  it('that there is only one of are not changed', () => {
    const rig = new SkillRig();
    rig.controls.choices = rig.controls.choices.slice(0, 1);
    expect(rig.say('Change your voice.')).toContain('only this voice');
    expect(rig.controls.voice).toBe('heart');
  });
});

describe('modes by voice', () => {
  it('are changed when the answer is heard, and back when the user goes on', () => {
    const rig = new SkillRig();
    rig.say('Switch to push to talk mode.');
    expect(rig.controls.mode).toBe('push-to-talk');
    rig.undo();
    expect(rig.controls.mode).toBe('hands-free');
    rig.say('Mute the microphone.');
    expect(rig.controls.muted).toBe(true);
    rig.say('Listen again.');
    expect(rig.controls.muted).toBe(false);
  });
});

describe('what only a tool can do', () => {
  it.each([
    ["What's the weather?", 'weather-server'],
    ['Search the web for cheap flights.', 'web-search'],
    ['What are the headlines?', 'news'],
  ])('%s is declined at once, and the model’s when there is %s', (say, tool) => {
    const rig = new SkillRig();
    expect(rig.ask(say).text).toMatch(/^I can't/);
    rig.controls.tools = [tool];
    expect(rig.ask(say).stage).toBe('model');
  });
});

describe('alarms that repeat', () => {
  it.each([
    ['Wake me every weekday at seven.', 'Alarm set for every weekday at 7:00 AM.', '2026-03-11T07:00'],
    ['Set an alarm for 9 on weekends.', 'Alarm set for every weekend at 9:00 AM.', '2026-03-14T09:00'],
    ['Set a daily alarm for 6:30 p.m.', 'Alarm set for every day at 6:30 PM.', '2026-03-10T18:30'],
    [
      'Set an alarm every Monday and Wednesday at 8.',
      'Alarm set for every Monday and Wednesday at 8:00 AM.',
      '2026-03-11T08:00',
    ],
  ])('%s', (say, answer, next) => {
    const rig = new SkillRig();
    expect(rig.say(say)).toBe(answer);
    const due = new Date(rig.store.alarms()[0]!.dueMs);
    expect(due.toISOString()).toBe(new Date(`${next}:00-04:00`).toISOString());
  });

  it('ask for the time, are listed, and are cancelled by their days', () => {
    const rig = new SkillRig();
    expect(rig.say('Set an alarm for every weekday.')).toBe('For what time?');
    expect(rig.say('Seven thirty.')).toBe('Alarm set for every weekday at 7:30 AM.');
    expect(rig.say('What alarms do I have?')).toBe('One alarm: every weekday at 7:30 AM.');
    expect(rig.say('Cancel my weekday alarm.')).toBe('Alarm cancelled.');
    expect(rig.store.alarms()).toEqual([]);
  });

  it('are not cancelled by stopping them once', () => {
    const rig = new SkillRig();
    rig.say('Wake me every day at seven.');
    rig.nowMs = rig.store.alarms()[0]!.dueMs + 1000;
    expect(rig.say('Stop the alarm.')).toBe('Alarm stopped.');
    expect(rig.store.alarms()).toHaveLength(1);
  });
});

describe('snooze', () => {
  it('rings again later, nine minutes unless told otherwise', () => {
    const rig = new SkillRig();
    rig.say('Set an alarm for 4 p.m.');
    rig.nowMs = rig.store.alarms()[0]!.dueMs + 2000;
    expect(rig.say('Snooze.')).toBe('Okay, again in 9 minutes.');
    expect(rig.store.alarms().map(({ dueMs }) => dueMs - rig.nowMs)).toEqual([9 * 60_000]);
    rig.undo();
    expect(rig.store.alarms()[0]!.dueMs).toBeLessThan(rig.nowMs);
    rig.say('Five more minutes!');
    expect(rig.store.alarms().map(({ dueMs }) => dueMs - rig.nowMs)).toEqual([5 * 60_000]);
  });

  it('of nothing says so, and leaves minutes that are about something else to others', () => {
    const rig = new SkillRig();
    expect(rig.say('Snooze')).toBe('Nothing is ringing.');
    expect(rig.ask('Five more minutes').stage).toBe('model');
  });
});

describe('what is kept for the user', () => {
  it('asks what to put on a list', () => {
    const rig = new SkillRig();
    expect(rig.say('Add something to my shopping list.')).toBe('What should I put on your shopping list?');
    expect(rig.say('Milk, eggs and butter.')).toBe('I put milk, eggs, and butter on your shopping list.');
  });

  it('cancels all reminders only when that is confirmed', () => {
    const rig = new SkillRig();
    rig.say('Remind me to call mom at 5.');
    rig.say('Remind me to water the plants at 6.');
    expect(rig.say('Cancel all reminders.')).toBe('Cancel all 2 reminders?');
    expect(rig.say('No.')).toBe('Okay, I kept them.');
    rig.say('Cancel all reminders.');
    expect(rig.say('Yes please.')).toBe('All 2 reminders cancelled.');
    expect(rig.store.alarms()).toEqual([]);
  });

  it('deletes the note that has these words', () => {
    const rig = new SkillRig();
    rig.say('Take a note: the locker code is 4412.');
    rig.say('Take a note: the plumber comes on Tuesday.');
    expect(rig.say('Delete the note about the plumber.')).toBe('Deleted.');
    expect(rig.store.notes().map(({ text }) => text)).toEqual(['the locker code is 4412']);
    expect(rig.say('Delete the note about the moon.')).toBe('There is no such note.');
  });
});
