import { describe, expect, test } from 'vitest';
import { PartialPacing } from '../../../../main/pipeline/listening/partial-pacing.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

describe('pacing of partials', () => {
  test('lets the first one go at once and the next after 300 ms', () => {
    const clock = new FakeClock();
    const pacing = new PartialPacing(clock);
    expect(pacing.isDue()).toBe(true);
    const finished = pacing.started();
    clock.advance(50);
    finished();
    clock.advance(249);
    expect(pacing.isDue()).toBe(false);
    clock.advance(1);
    expect(pacing.isDue()).toBe(true);
  });

  test('stretches so that partials take no more than 40 % of the time', () => {
    const clock = new FakeClock();
    const pacing = new PartialPacing(clock);
    const finished = pacing.started();
    clock.advance(400);
    finished();
    clock.advance(599);
    expect(pacing.isDue()).toBe(false);
    clock.advance(1);
    expect(pacing.isDue()).toBe(true);
  });
});
