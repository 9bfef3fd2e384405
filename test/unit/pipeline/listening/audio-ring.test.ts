import { describe, expect, test } from 'vitest';
import { AudioRing } from '../../../../main/pipeline/listening/audio-ring.ts';

const count = (from: number, length: number) => Float32Array.from({ length }, (_, i) => from + i);

describe('audio ring', () => {
  test('gives back what lies at absolute positions, across its seam', () => {
    const ring = new AudioRing(100);
    for (let at = 0; at < 250; at += 10) ring.write(at, count(at, 10));
    expect([ring.startSample, ring.endSample]).toEqual([150, 250]);
    expect(ring.read(195, 205)).toEqual(count(195, 10));
  });

  test('gives as much of a range as there is', () => {
    const ring = new AudioRing(100);
    ring.write(1000, count(0, 50));
    expect(ring.read(900, 1010)).toEqual(count(0, 10));
    expect(ring.read(1040, 2000)).toEqual(count(40, 10));
    expect(ring.read(2000, 3000).length).toBe(0);
    expect(ring.read(1020, 1010).length).toBe(0);
  });

  test('gives copies', () => {
    const ring = new AudioRing(100);
    ring.write(0, count(0, 10));
    ring.read(0, 10).fill(7);
    expect(ring.read(0, 10)).toEqual(count(0, 10));
  });

  test('skips what it has, and puts silence into gaps', () => {
    const ring = new AudioRing(100);
    ring.write(0, count(1, 10));
    ring.write(5, count(100, 10));
    ring.write(0, count(500, 5));
    ring.write(20, count(1, 5));
    expect([...ring.read(8, 22)]).toEqual([9, 10, 105, 106, 107, 108, 109, 0, 0, 0, 0, 0, 1, 2]);
  });

  test('takes a block that is larger than itself', () => {
    const ring = new AudioRing(100);
    ring.write(0, count(0, 350));
    expect(ring.read(0, 1000)).toEqual(count(250, 100));
  });

  test('begins anew when the stream jumps further than it reaches', () => {
    const ring = new AudioRing(100);
    ring.write(0, count(0, 50));
    ring.write(1000, count(1, 10));
    expect([ring.startSample, ring.endSample]).toEqual([1000, 1010]);
    ring.write(0, count(2, 10));
    expect([ring.startSample, ring.endSample]).toEqual([0, 10]);
  });

  test('makes silence of samples that are no numbers', () => {
    const ring = new AudioRing(100);
    ring.write(0, Float32Array.of(1, Number.NaN, Infinity, 2));
    expect([...ring.read(0, 4)]).toEqual([1, 0, 0, 2]);
  });
});
