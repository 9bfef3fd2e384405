import { describe, expect, it } from 'vitest';
import { SkillRig, TUESDAY_AFTERNOON_MS } from './skill-rig.ts';

const MINUTE_MS = 60_000;

describe('timers by voice', () => {
  it('are set, asked for, cancelled', () => {
    const rig = new SkillRig();
    expect(rig.say('Set a timer for ten minutes.')).toBe('Timer set for 10 minutes.');
    expect(rig.store.alarms()).toMatchObject([{ kind: 'timer', dueMs: TUESDAY_AFTERNOON_MS + 10 * MINUTE_MS }]);
    rig.nowMs += 4 * MINUTE_MS;
    expect(rig.say('How much time is left?')).toBe('6 minutes left.');
    expect(rig.say('Cancel the timer.')).toBe('Timer cancelled.');
    expect(rig.store.alarms()).toEqual([]);
    expect(rig.say('How much time is left on the timer?')).toBe('No timer is running.');
  });

  it('ask for the time that was not said', () => {
    const rig = new SkillRig();
    expect(rig.say('Set a timer.')).toBe('For how long?');
    expect(rig.say('Uh, five minutes please.')).toBe('Timer set for 5 minutes.');
    expect(rig.store.alarms()).toHaveLength(1);
  });

  it('are set when a recogniser has written "said"', () => {
    expect(new SkillRig().say('Said a timer.')).toBe('For how long?');
  });

  it('do not take the answer to a question that was not heard, or something else', () => {
    const rig = new SkillRig();
    expect(rig.ask('Set a timer.').text).toBe('For how long?');
    expect(rig.ask('five minutes').stage).toBe('model');
    rig.say('Set a timer.');
    expect(rig.ask("What's the capital of France?").text).toBe('Paris.');
    expect(rig.ask('Why is the sky blue?').stage).toBe('model');
  });

  it('with names are told apart', () => {
    const rig = new SkillRig();
    rig.say('Set a pasta timer for 8 minutes.');
    rig.say('Set an egg timer for 4 minutes.');
    expect(rig.say('Cancel the timer.')).toBe('You have the egg timer and the pasta timer. Say which one to cancel.');
    expect(rig.say('Cancel the pasta timer.')).toBe('Timer cancelled.');
    expect(rig.store.alarms().map(({ label }) => label)).toEqual(['egg']);
    expect(rig.say('Cancel all timers.')).toBe('Timer cancelled.');
  });

  it('do nothing before the answer is heard, and are taken back when the user goes on', () => {
    const rig = new SkillRig();
    rig.ask('Set a timer for ten minutes.');
    expect(rig.store.alarms()).toEqual([]);
    rig.say('Set a timer for ten minutes.');
    rig.undo();
    expect(rig.store.alarms()).toEqual([]);
  });

  it.each(['Set a timer for zero minutes.', 'Set a timer for eleven parsecs.', 'Set a timer in my React app.'])(
    '"%s" sets none',
    (say) => {
      const rig = new SkillRig();
      rig.say(say);
      expect(rig.store.alarms()).toEqual([]);
    },
  );
});

describe('alarms by voice', () => {
  it('are set for the next such time, listed, cancelled by their time', () => {
    const rig = new SkillRig();
    expect(rig.say('Wake me up at half past six.')).toBe('Alarm set for tomorrow at 6:30 AM.');
    expect(rig.say('Set an alarm for 5 pm.')).toBe('Alarm set for 5:00 PM.');
    expect(rig.say('What alarms do I have?')).toBe('2 alarms: 5:00 PM and tomorrow at 6:30 AM.');
    expect(rig.say('Turn off my six thirty alarm.')).toBe('Alarm cancelled.');
    expect(rig.say('Do I have any alarms?')).toBe('One alarm: 5:00 PM.');
  });

  it('ask for the time', () => {
    const rig = new SkillRig();
    expect(rig.say('Set an alarm.')).toBe('For what time?');
    expect(rig.say('Seven in the morning.')).toBe('Alarm set for tomorrow at 7:00 AM.');
  });

  it('may repeat', () => {
    expect(new SkillRig().say('Set an alarm for 7 every day.')).toBe('Alarm set for every day at 7:00 AM.');
  });
});

describe('reminders by voice', () => {
  it.each([
    ['Remind me to call my mom in an hour.', "I'll remind you to call your mom at 4:05 PM."],
    ['Remind me tomorrow at nine to take out the trash.', "I'll remind you to take out the trash tomorrow at 9:00 AM."],
    ['Remind me about the meeting at four.', "I'll remind you about the meeting at 4:00 PM."],
    [
      'Set a reminder for Friday at noon to call the dentist.',
      "I'll remind you to call the dentist Friday at 12:00 PM.",
    ],
  ])('%s', (say, answer) => {
    const rig = new SkillRig();
    expect(rig.say(say)).toBe(answer);
    expect(rig.store.alarms()).toHaveLength(1);
  });

  it('ask for what is missing', () => {
    const rig = new SkillRig();
    expect(rig.say('Remind me.')).toBe('What should I remind you of?');
    expect(rig.say('Call mom.')).toBe('When should I remind you?');
    expect(rig.say('Tomorrow at ten.')).toBe("I'll remind you to call mom tomorrow at 10:00 AM.");
    expect(rig.say('What reminders do I have?')).toBe('You have one reminder: to call mom, tomorrow at 10:00 AM.');
    expect(rig.say('Delete the reminder to call mom.')).toBe('Reminder cancelled.');
  });
});

describe('lists and notes by voice', () => {
  it('keep what they are told, item by item', () => {
    const rig = new SkillRig();
    expect(rig.say('Add milk, eggs and brown bread to my grocery list.')).toBe(
      'I put milk, eggs, and brown bread on your shopping list.',
    );
    expect(rig.say('Put milk on the shopping list.')).toBe('Milk is already on your shopping list.');
    expect(rig.say('Take the egg off the shopping list.')).toBe('I took eggs off your shopping list.');
    expect(rig.say("What's on my shopping list?")).toBe('On your shopping list: milk and brown bread.');
    expect(rig.say('Is milk on my shopping list?')).toBe("Yes, it's on your shopping list.");
  });

  it('ask before they delete many things', () => {
    const rig = new SkillRig();
    rig.say('Add milk to my shopping list.');
    expect(rig.say('Clear my shopping list.')).toBe('Clear your shopping list with 1 item?');
    expect(rig.say('No.')).toBe('Okay, I kept it.');
    expect(rig.store.items('shopping')).toHaveLength(1);
    rig.say('Clear my shopping list.');
    expect(rig.say('Yes please.')).toBe('Your shopping list is empty now.');
    expect(rig.store.items('shopping')).toEqual([]);
  });

  it('take notes and read them', () => {
    const rig = new SkillRig();
    expect(rig.say('Take a note.')).toBe('What should I write down?');
    expect(rig.say('The door code is 4412.')).toBe('Noted.');
    expect(rig.say('Read me my notes.')).toBe('Your note says: The door code is 4412.');
    expect(rig.say('Delete all my notes.')).toBe('Delete your note?');
    expect(rig.say('Yes.')).toBe('Deleted.');
    expect(rig.store.notes()).toEqual([]);
  });
});

describe('the conversation itself', () => {
  it('is repeated as far as it was heard', () => {
    const rig = new SkillRig();
    rig.history = [{ user: 'tell me', heard: 'Once upon a' }];
    expect(rig.ask('Say that again, please.').text).toBe('Once upon a');
    expect(rig.ask('What did I just say?').text).toBe('You said: tell me');
  });

  it('knows how fast the last answer was', () => {
    const rig = new SkillRig();
    expect(rig.ask('How fast was that?').text).toContain("don't know");
    rig.lastTurn = { voiceToVoiceMs: 287.4, answeredBy: 'cache' };
    expect(rig.ask('How fast was that?').text).toBe('287 milliseconds, without the language model.');
  });

  it('changes the pace of the voice within bounds', () => {
    const rig = new SkillRig();
    expect(rig.say('Please speak slower.')).toBe("Okay, I'll speak more slowly.");
    expect(rig.voice.speed).toBe(0.85);
    rig.undo();
    expect(rig.voice.speed).toBe(1);
    for (let i = 0; i < 5; i++) rig.say('Slower.');
    expect(rig.voice.speed).toBe(0.7);
    expect(rig.say('Slower.')).toBe("I can't speak any slower.");
  });

  it('says yes and no only to what was asked', () => {
    const rig = new SkillRig();
    expect(rig.ask('Good.', [{ user: 'hi', heard: "I'm doing well, thanks. How are you?" }]).name).toBe('user-is-well');
    expect(rig.ask('No.', [{ user: 'hi', heard: 'Hello! What can I do for you?' }]).name).toBe('no-to-more-help');
    expect(rig.ask('Yes.', [{ user: 'x', heard: 'Would you like the red one?' }]).stage).toBe('model');
  });
});
