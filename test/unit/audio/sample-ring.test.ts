import { expect, test } from 'vitest';
import { SampleRing } from '../../../main/audio/sample-ring.ts';

const counting = (from: number, to: number) => Float32Array.from({ length: to - from }, (_, i) => from + i);

test('keeps the newest samples under their absolute index', () => {
  const ring = new SampleRing(100);
  for (let at = 0; at < 730; at += 73) ring.append(counting(at, at + 73));
  expect([ring.startSample, ring.endSample]).toEqual([630, 730]);
  expect(ring.read(650, 700)).toEqual({ startSample: 650, samples: counting(650, 700) });
});

test('a read is cut to what is there and says where it begins', () => {
  const ring = new SampleRing(10, 1000);
  ring.append(counting(1000, 1015));
  expect(ring.read(0, 1007)).toEqual({ startSample: 1005, samples: counting(1005, 1007) });
  expect(ring.read(1012, 9999).samples).toEqual(counting(1012, 1015));
  expect(ring.read(1015, 1020).samples).toHaveLength(0);
  expect(ring.read(0, 500).samples).toHaveLength(0);
});

test('a block longer than the ring leaves its end', () => {
  const ring = new SampleRing(8);
  ring.append(counting(0, 3));
  ring.append(counting(3, 40));
  expect(ring.read(0, 40)).toEqual({ startSample: 32, samples: counting(32, 40) });
});
