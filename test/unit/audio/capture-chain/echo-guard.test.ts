import { expect, test } from 'vitest';
import { EchoGuard } from '../../../../main/audio/capture-chain/echo-guard.ts';

const FRAME_SAMPLES = 160;
const noiseFloorDbfs = -75;
const energyAt = (dbfs: number): number => FRAME_SAMPLES * 10 ** (dbfs / 10);
const playing = energyAt(-20);
const room = energyAt(-80);
const voice = energyAt(-25);

/** Whether any of so many frames is muted. */
function mutesAny(guard: EchoGuard, frames: number, levels: { far: number; residual: number }): boolean {
  return Array.from({ length: frames }, () => guard.mutes({ ...levels, noiseFloorDbfs })).some(Boolean);
}

test('what comes in with the first sounds of the loudspeaker may be its echo and is muted', () => {
  expect(mutesAny(new EchoGuard(), 20, { far: playing, residual: voice })).toBe(true);
});

test('who speaks after half a second in which nothing came back is heard', () => {
  const guard = new EchoGuard();
  expect(mutesAny(guard, 50, { far: playing, residual: room })).toBe(false);
  expect(mutesAny(guard, 50, { far: playing, residual: voice })).toBe(false);
});

test('an echo that comes within that time keeps the guard up', () => {
  const guard = new EchoGuard();
  mutesAny(guard, 30, { far: playing, residual: room });
  expect(mutesAny(guard, 50, { far: playing, residual: voice })).toBe(true);
});

test('with a headset nobody is muted when the streams have slipped', () => {
  const guard = new EchoGuard();
  const window = { farDbfs: -20, nearDbfs: -80, residualDbfs: -80, erleDb: 0, nearLikeness: 0, residualLikeness: 0 };
  guard.learn(window, { isClean: true, isSilent: true });
  guard.arm();
  expect(mutesAny(guard, 50, { far: playing, residual: voice })).toBe(false);
});

test('in a room whose echo is known the guard comes back with a slip', () => {
  const guard = new EchoGuard();
  const window = { farDbfs: -20, nearDbfs: -26, residualDbfs: -60, erleDb: 34, nearLikeness: 0.9, residualLikeness: 0 };
  guard.learn(window, { isClean: true, isSilent: false });
  guard.arm();
  expect(mutesAny(guard, 30, { far: playing, residual: voice })).toBe(true);
});
