import { expect, it } from 'vitest';
import { StderrTail } from '../../../main/children/stderr-tail.ts';

it('puts lines together from pieces and keeps an unfinished last one', () => {
  const tail = new StderrTail();
  tail.push('first li');
  tail.push('ne\r\nsecond\n\nthi');
  expect(tail.lines).toEqual(['first line', 'second', 'thi']);
});

it('keeps the last twenty lines, each cut to 300 characters, however much is written', () => {
  const tail = new StderrTail();
  for (let i = 0; i < 1000; i++) tail.push(`${i} ${'x'.repeat(1000)}\n`);
  tail.push('y'.repeat(100_000));
  expect(tail.lines).toHaveLength(20);
  expect(tail.lines[0]).toMatch(/^981 x/);
  expect(tail.lines.every((line) => line.length <= 300)).toBe(true);
});
