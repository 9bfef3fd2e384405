import { describe, expect, it } from 'vitest';
import { History } from '../../../../main/domain/conversation/history.ts';

const long = (turnId: number) => ({ turnId, user: 'u'.repeat(50), heard: 'h'.repeat(50) });

describe('history', () => {
  it('keeps one exchange a turn: a second answer replaces the first', () => {
    const history = new History().with({ turnId: 1, user: 'a', heard: '' }).with({ turnId: 1, user: 'a', heard: 'b' });
    expect(history.exchanges).toEqual([{ turnId: 1, user: 'a', heard: 'b' }]);
  });

  it('forgets a turn that was opened again', () => {
    expect(new History([long(1), long(2)]).without(1).exchanges.map(({ turnId }) => turnId)).toEqual([2]);
  });

  it('is cut down to half of the bound at once, oldest first, so that it is cut rarely', () => {
    const history = new History([long(1), long(2), long(3), long(4), long(5)]);
    expect(history.trimmed(500)).toBe(history);
    expect(history.trimmed(400).exchanges.map(({ turnId }) => turnId)).toEqual([4, 5]);
  });

  it('always keeps the newest exchange', () => {
    expect(new History([long(1), long(2)]).trimmed(10).exchanges).toHaveLength(1);
  });
});
