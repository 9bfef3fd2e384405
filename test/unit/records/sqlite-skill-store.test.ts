import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteSkillStore } from '../../../main/records/sqlite-skill-store.ts';

const alarm = { id: 'a', kind: 'timer', dueMs: 2000, label: 'pasta', durationMs: 1000 } as const;

describe('what skills keep', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
    file = join(folder, 'below', 'skills.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is there after a restart', () => {
    const before = new SqliteSkillStore(file);
    before.putAlarm(alarm);
    before.putAlarm({ ...alarm, id: 'b', dueMs: 1000, durationMs: null, kind: 'alarm' });
    before.putNote({ id: 'n', text: 'the code is 4412', createdMs: 5 });
    before.putItem({ id: 'i', list: 'shopping', text: 'milk' });
    before.putItem({ id: 'j', list: 'to do', text: 'laundry' });
    before.close();
    const after = new SqliteSkillStore(file);
    expect(after.alarms().map(({ id }) => id)).toEqual(['b', 'a']);
    expect(after.alarms()[1]).toEqual(alarm);
    expect(after.notes()).toEqual([{ id: 'n', text: 'the code is 4412', createdMs: 5 }]);
    expect(after.lists()).toEqual(['shopping', 'to do']);
    expect(after.items('shopping')).toEqual([{ id: 'i', list: 'shopping', text: 'milk' }]);
    after.close();
  });

  it('can be removed and put back', () => {
    const store = new SqliteSkillStore(':memory:');
    store.putAlarm(alarm);
    store.removeAlarm('a');
    expect(store.alarms()).toEqual([]);
    store.putAlarm(alarm);
    expect(store.alarms()).toEqual([alarm]);
    store.close();
  });

  it('tells who watches alarms that they changed', () => {
    const store = new SqliteSkillStore(':memory:');
    let changes = 0;
    const off = store.onAlarmsChanged(() => changes++);
    store.putAlarm(alarm);
    store.removeAlarm('a');
    off();
    store.putAlarm(alarm);
    expect(changes).toBe(2);
    store.close();
    store.close();
  });

  it('is an error of ours when the file is none of ours', () => {
    const other = join(folder, 'other.sqlite');
    writeFileSync(other, 'not a database, but long enough to be looked at as one '.repeat(100));
    expect(() => new SqliteSkillStore(other)).toThrow(expect.objectContaining({ code: 'internal', stage: 'app' }));
  });
});
