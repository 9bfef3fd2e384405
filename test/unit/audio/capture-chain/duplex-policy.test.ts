import { describe, expect, test } from 'vitest';
import { DuplexPolicy } from '../../../../main/audio/capture-chain/duplex-policy.ts';
import type { EchoWindow } from '../../../../main/audio/capture-chain/echo-meter.ts';

const FLOOR_DBFS = -65;
const leak: EchoWindow = {
  farDbfs: -20,
  nearDbfs: -30,
  residualDbfs: -32,
  erleDb: 2,
  nearLikeness: 0.95,
  residualLikeness: 0.95,
};
const cancelled: EchoWindow = { ...leak, residualDbfs: -62, erleDb: 32, residualLikeness: 0.3 };
const somebodySpeaks: EchoWindow = { ...leak, nearLikeness: 0.4, residualLikeness: 0.3 };

describe('half duplex', () => {
  const after = (...windows: EchoWindow[]) => {
    const policy = new DuplexPolicy();
    for (const window of windows) policy.update(window, FLOOR_DBFS);
    return policy.isHalf;
  };

  test('begins after two seconds of echo that comes through', () => {
    expect(after(leak)).toBe(false);
    expect(after(leak, leak)).toBe(true);
  });
  test('does not begin because somebody speaks at the same time', () => {
    expect(after(...Array<EchoWindow>(20).fill(somebodySpeaks))).toBe(false);
  });
  test('does not begin because of leaks far apart', () => {
    expect(after(leak, cancelled, cancelled, cancelled, leak, cancelled, cancelled, cancelled, leak)).toBe(false);
  });
  test('does not begin for an echo that no detector would take for speech', () => {
    expect(after(...Array<EchoWindow>(5).fill({ ...leak, residualDbfs: -56 }))).toBe(false);
  });
  test('ends after three seconds in which the canceller does its work', () => {
    expect(after(leak, leak, cancelled, cancelled)).toBe(true);
    expect(after(leak, leak, cancelled, cancelled, cancelled)).toBe(false);
  });
  test('does not end because somebody speaks', () => {
    expect(after(leak, leak, ...Array<EchoWindow>(10).fill(somebodySpeaks))).toBe(true);
  });
});
