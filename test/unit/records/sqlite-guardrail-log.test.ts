import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { GuardLogEntry } from '../../../main/contract/guardrails.ts';
import { SqliteGuardrailLog } from '../../../main/records/sqlite-guardrail-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-guard-log-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function entry(id: string, before = 'secret words'): GuardLogEntry {
  const at = '2030-01-01T00:00:00.000Z';
  return { id, at, ruleId: 'r', ruleName: 'R', direction: 'answer', outcome: 'replaced', before, after: 'x' };
}

describe('the record of the guardrails', () => {
  it('keeps what was done, the newest first, over a restart', () => {
    const file = join(folder, 'log.sqlite');
    const log = new SqliteGuardrailLog(file);
    log.add(entry('a'));
    log.add(entry('b'));
    log.close();
    const again = new SqliteGuardrailLog(file);
    expect(again.newest(10).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(again.newest(1)).toEqual([entry('b')]);
    again.close();
  });

  it('leaves nothing of forgotten words in its files', () => {
    const file = join(folder, 'log.sqlite');
    const log = new SqliteGuardrailLog(file);
    for (let i = 0; i < 50; i++) log.add(entry(`n${i}`, `unforgettable ${i}`));
    log.forget(['n0']);
    expect(log.newest(100)).toHaveLength(49);
    log.forget(null);
    expect(log.newest(100)).toEqual([]);
    expect(readFileSync(file).includes('unforgettable')).toBe(false);
    log.close();
  });
});
