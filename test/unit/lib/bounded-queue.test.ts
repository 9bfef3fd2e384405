import { describe, expect, it } from 'vitest';
import { BoundedQueue } from '../../../main/lib/bounded-queue.ts';

describe('bounded queue', () => {
  it('makes the producer wait when full, and keeps order', async () => {
    const queue = new BoundedQueue<number>({ capacity: 2, policy: 'wait' });
    await queue.push(1);
    await queue.push(2);
    let accepted = false;
    const third = queue.push(3).then((taken) => (accepted = taken));
    await Promise.resolve();
    expect(accepted).toBe(false);
    const seen: number[] = [];
    for await (const item of queue) {
      seen.push(item);
      if (item === 1) await third;
      if (item === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(accepted).toBe(true);
  });

  it('drops the oldest and counts, when told to', async () => {
    const queue = new BoundedQueue<number>({ capacity: 2, policy: 'drop-oldest' });
    for (const item of [1, 2, 3, 4]) await queue.push(item);
    queue.close();
    const seen: number[] = [];
    for await (const item of queue) seen.push(item);
    expect(seen).toEqual([3, 4]);
    expect(queue.dropped).toBe(2);
  });

  it('lets waiting producers go when it is closed or its consumer leaves', async () => {
    const queue = new BoundedQueue<number>({ capacity: 1, policy: 'wait' });
    await queue.push(1);
    const waiting = [queue.push(2), queue.push(3)];
    queue.abandon();
    expect(await Promise.all(waiting)).toEqual([false, false]);
  });
});
