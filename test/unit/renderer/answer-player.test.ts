import { describe, expect, it } from 'vitest';
import { AnswerPlayer, type PlayedReport } from '../../../renderer/client/browser-audio/answer-player.ts';

const RATE_HZ = 48_000;
const QUANTUM = 128;

function tone(count: number, value = 0.5): Float32Array {
  return new Float32Array(count).fill(value);
}

/** Renders until `frames` frames are made, in quanta as the browser asks for them. */
function render(player: AnswerPlayer, frames: number): { sound: Float32Array; reports: PlayedReport[] } {
  const quanta = Math.ceil(frames / QUANTUM);
  const sound = new Float32Array(quanta * QUANTUM);
  const reports: PlayedReport[] = [];
  for (let i = 0; i < quanta; i++) {
    player.render(sound.subarray(i * QUANTUM, (i + 1) * QUANTUM));
    reports.push(...player.takeReports());
  }
  return { sound, reports };
}

describe('the player of answers', () => {
  it('plays an answer whole, once, and says at its own rate how much was played', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.add({ answerNumber: 1, sampleRateHz: 24_000, samples: tone(2400) });
    player.end(1);
    const { sound, reports } = render(player, 4800 + QUANTUM);
    expect(sound.filter((value) => value > 0.4).length).toBeGreaterThan(4700);
    expect(reports.at(-1)).toEqual({ answerNumber: 1, playedSamples: 2400, ended: true });
    expect(reports.filter(({ ended }) => ended)).toHaveLength(1);
    expect(reports.every(({ playedSamples }, i) => playedSamples >= (reports[i - 1]?.playedSamples ?? 0))).toBe(true);
  });

  it('counts as played only what has passed the latency of the output', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.setOutputLatency(0.02);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(9600) });
    const { reports } = render(player, 1920);
    expect(reports.at(-1)?.playedSamples).toBeLessThanOrEqual(1920 - 960 + QUANTUM);
    expect(reports.at(-1)?.playedSamples).toBeGreaterThan(1920 - 960 - 2 * QUANTUM);
  });

  it('waits for 40 ms of a stream that comes bit by bit, and for them again after it ran dry', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(960) });
    expect(render(player, 480).sound.every((value) => value === 0)).toBe(true);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(960) });
    expect(render(player, 480).sound.some((value) => value > 0.4)).toBe(true);
    render(player, 4800);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(480) });
    expect(render(player, 480).sound.every((value) => value === 0)).toBe(true);
  });

  it('fades out on stop, drops the rest, and ignores what still arrives of that answer', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(48_000) });
    render(player, 1280);
    player.stop(1, 10);
    const { sound, reports } = render(player, 1280);
    const steps = sound.slice(1).map((value, i) => Math.abs(value - sound[i]!));
    expect(Math.max(...steps)).toBeLessThan(0.005);
    expect(sound.slice(480).every((value) => value === 0)).toBe(true);
    const ended = reports.find((report) => report.ended);
    expect(ended?.playedSamples).toBeGreaterThanOrEqual(1280 + 480);
    expect(ended?.playedSamples).toBeLessThan(1280 + 480 + 2 * QUANTUM);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(4800) });
    expect(render(player, 4800)).toMatchObject({ reports: [] });
  });

  it('plays one answer after the other, and a later one completes the earlier', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(480, 0.2) });
    player.add({ answerNumber: 2, sampleRateHz: RATE_HZ, samples: tone(4800, 0.6) });
    player.end(2);
    const { sound, reports } = render(player, 6400);
    expect(sound.findIndex((value) => value > 0.5)).toBeGreaterThanOrEqual(480);
    expect(reports.filter(({ ended }) => ended).map(({ answerNumber }) => answerNumber)).toEqual([1, 2]);
  });

  it('goes on from the same sample after being held, and counts nothing meanwhile', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(9600) });
    player.end(1);
    render(player, 1280);
    player.hold(true, 10);
    render(player, 1280);
    const held = render(player, 12_800);
    expect(held.sound.every((value) => value === 0)).toBe(true);
    expect(held.reports).toEqual([]);
    player.hold(false, 10);
    const { reports } = render(player, 9600);
    expect(reports.at(-1)).toEqual({ answerNumber: 1, playedSamples: 9600, ended: true });
  });

  it('ends an answer that is stopped while it is held', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(48_000) });
    render(player, 1280);
    player.hold(true, 20);
    player.stop(1, 500);
    expect(render(player, 4800).reports.at(-1)).toMatchObject({ answerNumber: 1, ended: true });
  });

  it('reports an answer without sound as ended, whether it is ended or stopped', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.end(1);
    player.stop(2, 10);
    expect(render(player, 256).reports).toEqual([
      { answerNumber: 1, playedSamples: 0, ended: true },
      { answerNumber: 2, playedSamples: 0, ended: true },
    ]);
  });

  it('moves its gain without a step', () => {
    const player = new AnswerPlayer(RATE_HZ);
    player.add({ answerNumber: 1, sampleRateHz: RATE_HZ, samples: tone(9600) });
    player.ramp(-20, 10);
    const { sound } = render(player, 1280);
    expect(sound[0]).toBeCloseTo(0.5, 2);
    expect(sound[1000]).toBeCloseTo(0.05, 3);
  });
});
