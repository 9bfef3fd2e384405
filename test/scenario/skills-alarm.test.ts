import { describe, expect, it } from 'vitest';
import { AlarmClock } from '../../main/cascade/skills/alarm-clock.ts';
import type { Alarm } from '../../main/ports/skill-store.ts';
import { SqliteSkillStore } from '../../main/records/sqlite-skill-store.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { Conversation } from './harness.ts';

const START_MS = Date.UTC(2026, 2, 10, 19, 5);

/** A conversation with an alarm clock; wall-clock time goes with the conversation's, from `offMs` after the start on. */
function ringing(store: SqliteSkillStore, offMs = 0): { c: Conversation; alarmClock: AlarmClock; words(): string[] } {
  const c = new Conversation();
  const alarmClock = new AlarmClock({
    store,
    clock: c.clock,
    wallClock: { epochMs: () => START_MS + offMs + c.clock.nowMs(), timeZone: () => 'America/New_York' },
    logger: new RecordingLogger(),
    voice: { sampleRateHz: 16_000 },
    announce: (notice) => c.session.announce(notice),
  });
  alarmClock.start();
  return { c, alarmClock, words: () => c.of('answer-ended').map(({ text }) => text) };
}

const timer = (afterMs: number, more: Partial<Alarm> = {}): Alarm => ({
  id: 'timer',
  kind: 'timer',
  dueMs: START_MS + afterMs,
  label: '',
  durationMs: afterMs,
  ...more,
});

describe('a timer', () => {
  it('rings when it is due, with a chime before the words, and is gone when the user has spoken', async () => {
    const store = new SqliteSkillStore(':memory:');
    const { c, alarmClock, words } = ringing(store);
    await c.silence(1000);
    store.putAlarm(timer(40_000));
    await c.silence(38_000);
    expect(words()).toEqual([]);
    expect(c.loudspeaker.isSounding).toBe(false);
    await c.silence(1500);
    expect(c.loudspeaker.isSounding).toBe(true);
    expect(c.of('answer-text').at(-1)?.heardChars ?? 0, 'the chime is no word').toBe(0);
    await c.silence(5000);
    expect(words()).toEqual(['Your timer for 40 seconds is done.']);
    alarmClock.acknowledge();
    await c.silence(30_000);
    expect(words()).toHaveLength(1);
    expect(store.alarms()).toEqual([]);
  });

  it('rings three times when nobody says anything, and not for ever', async () => {
    const store = new SqliteSkillStore(':memory:');
    const { c, words } = ringing(store);
    store.putAlarm(timer(5000, { label: 'pasta' }));
    await c.silence(120_000);
    expect(words()).toEqual(Array.from({ length: 3 }, () => 'Your pasta timer is done.'));
    expect(store.alarms()).toEqual([]);
  });

  it('waits until the user was answered', async () => {
    const store = new SqliteSkillStore(':memory:');
    const { c } = ringing(store);
    store.putAlarm(timer(1000));
    await c.speak('tell me about cats', { ms: 2000 });
    await c.silence(8000);
    expect(c.of('answer-ended').map(({ answeredBy }) => answeredBy)).toEqual([null, 'notice']);
  });

  it('that was cancelled does not ring', async () => {
    const store = new SqliteSkillStore(':memory:');
    const { c, words } = ringing(store);
    store.putAlarm(timer(5000));
    await c.silence(2000);
    store.removeAlarm('timer');
    await c.silence(20_000);
    expect(words()).toEqual([]);
  });

  it('set before a restart rings after it', async () => {
    const store = new SqliteSkillStore(':memory:');
    const before = ringing(store);
    store.putAlarm(timer(60_000));
    await before.c.silence(10_000);
    before.alarmClock.close();
    await before.c.session.close();
    const after = ringing(store, 40_000);
    await after.c.silence(18_000);
    expect(after.words()).toEqual([]);
    await after.c.silence(8000);
    expect(after.words()).toEqual(['Your timer for 1 minute is done.']);
  });

  it('that ended while the program was off is told of once, with its time', async () => {
    const store = new SqliteSkillStore(':memory:');
    store.putAlarm(timer(60_000));
    const { c, words } = ringing(store, 3_600_000);
    await c.silence(60_000);
    expect(words()).toEqual(['While I was off, your timer for 1 minute ended. It was due at 3:06 PM.']);
    expect(store.alarms()).toEqual([]);
  });

  it('rings again when the conversation was started anew before a word was heard', async () => {
    const store = new SqliteSkillStore(':memory:');
    const { c, words } = ringing(store);
    store.putAlarm(timer(1000));
    await c.silence(1500);
    c.session.stop();
    await c.silence(15_000);
    expect(words().filter((text) => text.includes('is done')).length).toBeGreaterThanOrEqual(2);
  });

  it('leaves no timer behind when the alarm clock is closed', async () => {
    const store = new SqliteSkillStore(':memory:');
    const { c, alarmClock } = ringing(store);
    const pending = c.clock.pendingCount;
    store.putAlarm(timer(3_600_000));
    alarmClock.close();
    store.putAlarm(timer(1000, { id: 'other' }));
    expect(c.clock.pendingCount).toBe(pending);
  });
});

describe('alarms and reminders', () => {
  it('say what they are', async () => {
    const store = new SqliteSkillStore(':memory:');
    const { c, words } = ringing(store);
    store.putAlarm(timer(1000, { id: 'a', kind: 'reminder', label: 'call my mom', durationMs: null }));
    await c.silence(8000);
    store.putAlarm(timer(25_000, { id: 'b', kind: 'alarm', durationMs: null }));
    await c.silence(24_000);
    expect(words()).toEqual(['Reminder: call your mom.', "It's 3:05 PM. This is your alarm."]);
  });
});
