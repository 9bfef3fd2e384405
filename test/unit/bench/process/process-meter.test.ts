import { expect, test } from 'vitest';
import { parseStat, parseStatus, type ProcessReading } from '../../../bench/process/proc-files.ts';
import { cpuBetween, ProcessMeter, total } from '../../../bench/process/process-meter.ts';

const MB = 1024 * 1024;

function reading(pid: number, commandLine: string, cpuSeconds: number, rssMb = 10): ProcessReading {
  return { pid, parentPid: 1, cpuSeconds, rssBytes: rssMb * MB, peakRssBytes: (rssMb + 1) * MB, commandLine };
}

const app = (cpuSeconds: number) => reading(100, 'node main/node-main.ts --no-open', cpuSeconds, 50);
const listen = (pid: number, cpuSeconds: number) =>
  reading(pid, 'node /x/main/children/entries/listen-child.ts', cpuSeconds, 80);

test('a program name with brackets and spaces does not shift the fields of its stat file', () => {
  const stat = '42 (a) b (c) S 7 42 42 0 -1 4194304 1 0 0 0 250 50 3 4 20 0 11 0 1 1 1';
  expect(parseStat(stat)).toEqual({ parentPid: 7, cpuTicks: 300 });
});

test('memory is read in bytes', () => {
  expect(parseStatus('Name:\tnode\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n')).toEqual({
    rssBytes: MB,
    peakRssBytes: 2 * MB,
  });
});

test('processes are known by what they run', () => {
  const all = [app(1), listen(101, 2), reading(102, 'parley-think', 3), reading(103, 'pacat --record', 0.5, 5)];
  const meter = new ProcessMeter(100, () => all);
  expect(meter.look()).toMatchObject({
    app: { cpuSeconds: 1, rssBytes: 50 * MB },
    listen: { cpuSeconds: 2, rssBytes: 80 * MB, peakRssBytes: 81 * MB },
    think: { cpuSeconds: 3 },
    other: { cpuSeconds: 0.5 },
  });
  expect(meter.peakRssBytes).toBe(145 * MB);
});

test('the CPU time of a child that was replaced stays in the account', () => {
  const looks = [[app(1), listen(101, 2)], [app(1.5)], [app(2), listen(102, 1)]];
  const meter = new ProcessMeter(100, () => looks.shift()!);
  const before = meter.look();
  expect(meter.look().listen).toMatchObject({ cpuSeconds: 2, rssBytes: 0 });
  const spent = cpuBetween(before, meter.look());
  expect(spent).toEqual({ app: 1, listen: 1 });
  expect(total(spent)).toBe(2);
  expect(total(spent, ['listen', 'speak'])).toBe(1);
});
