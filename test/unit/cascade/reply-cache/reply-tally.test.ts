import { describe, expect, it } from 'vitest';
import { ReplyTally } from '../../../../main/cascade/reply-cache/reply-tally.ts';
import { SqliteReplyFigures } from '../../../../main/records/sqlite-reply-figures.ts';

describe('the count of who answered', () => {
  const cached = { source: 'cache', name: 'greeting', tookMs: 300 } as const;
  const model = (tookMs: number) => ({ source: 'model', name: '', tookMs }) as const;

  it('sets the time of an answer against the median of the model in this run', () => {
    const tally = new ReplyTally(new SqliteReplyFigures(':memory:'));
    tally.count(cached);
    expect(tally.tallies, 'not known before the model has answered').toEqual([
      { source: 'cache', name: 'greeting', count: 1, savedMs: 0 },
    ]);
    tally.count(model(1000));
    expect(tally.tallies.find(({ name }) => name === 'greeting')).toMatchObject({ count: 1, savedMs: 700 });
    tally.count(model(2000));
    tally.count(model(1200));
    expect(tally.modelMedianMs).toBe(1200);
    tally.count({ ...cached, tookMs: 1300 });
    expect(
      tally.tallies.find(({ name }) => name === 'greeting'),
      'slower counts against it',
    ).toMatchObject({
      count: 2,
      savedMs: 600,
    });
    tally.forget();
    expect(tally.tallies).toEqual([]);
  });
});
