import { expect, test } from 'vitest';
import { UsageMeter } from '../../../main/speech-to-speech/usage-meter.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const date = '2026-11-01';
const meterOf = (price: ConstructorParameters<typeof UsageMeter>[0]['price']) => {
  const clock = new FakeClock();
  return { clock, meter: new UsageMeter({ architectureId: 'x', price, clock }) };
};

test('tokens cost what they cost, those that were cached less, and the growing context is shown', () => {
  const { meter } = meterOf({
    date,
    meter: { type: 'tokens', inPerMillion: 32, cachedPerMillion: 0.4, outPerMillion: 64 },
  });
  meter.add({ inputAudioTokens: 900, inputTextTokens: 100, outputAudioTokens: 500 });
  meter.add({
    inputAudioTokens: 2900,
    inputTextTokens: 100,
    cachedTokens: 1000,
    outputAudioTokens: 400,
    outputTextTokens: 100,
  });
  expect(meter.state.answers.map(({ inputTokens }) => inputTokens)).toEqual([1000, 3000]);
  const usd = (3000 * 32 + 1000 * 0.4 + 1000 * 64) / 1_000_000;
  expect(meter.state.cost).toMatchObject({ meter: 'tokens', priceDate: date });
  expect(meter.state.cost!.usd).toBeCloseTo(usd, 10);
});

test('connected time costs whether anybody speaks or not', () => {
  const { meter, clock } = meterOf({ date, meter: { type: 'connected-minute', perMinute: 0.05 } });
  clock.advance(90_000);
  expect(meter.state.cost!.usd).toBeCloseTo(0.075, 10);
});

test('where there is no price there is no cost, not a cost of nothing', () => {
  expect(meterOf(null).meter.state.cost).toBeNull();
  expect(meterOf({ date, meter: { type: 'component' } }).meter.state.cost).toBeNull();
});
