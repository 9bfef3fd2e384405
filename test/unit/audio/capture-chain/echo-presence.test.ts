import { expect, test } from 'vitest';
import { EchoPresence } from '../../../../main/audio/capture-chain/echo-presence.ts';

const FRAME_SAMPLES = 160;
const noiseFloorDbfs = -75;
const at = (dbfs: number): number => FRAME_SAMPLES * 10 ** (dbfs / 10);

function hear(presence: EchoPresence, frames: number, levels: { far: number; near: number }): void {
  for (let i = 0; i < frames; i++) presence.hear({ far: at(levels.far), near: at(levels.near), noiseFloorDbfs });
}

test('half a second of sound of which nothing comes back has no echo', () => {
  const presence = new EchoPresence();
  hear(presence, 40, { far: -20, near: -80 });
  expect(presence.isAbsent).toBe(false);
  hear(presence, 10, { far: -20, near: -80 });
  expect(presence.isAbsent).toBe(true);
});

test('an echo that comes late, or somebody who speaks, leaves it open', () => {
  const presence = new EchoPresence();
  hear(presence, 40, { far: -20, near: -80 });
  hear(presence, 1, { far: -20, near: -30 });
  hear(presence, 40, { far: -20, near: -80 });
  expect(presence.isAbsent).toBe(false);
});

test('an echo that is softer than speech is one all the same', () => {
  const presence = new EchoPresence();
  hear(presence, 100, { far: -20, near: -60 });
  expect(presence.isAbsent).toBe(false);
});

test('silence of the loudspeaker shows nothing', () => {
  const presence = new EchoPresence();
  hear(presence, 200, { far: -90, near: -80 });
  expect(presence.isAbsent).toBe(false);
});

test('headphones that are taken off are noticed; somebody who speaks is not taken for that', () => {
  const presence = new EchoPresence();
  hear(presence, 60, { far: -20, near: -80 });
  const window = {
    farDbfs: -20,
    nearDbfs: -30,
    residualDbfs: -30,
    erleDb: 0,
    nearLikeness: 0.2,
    residualLikeness: 0.2,
  };
  presence.learn(window, noiseFloorDbfs);
  expect(presence.isAbsent).toBe(true);
  presence.learn({ ...window, nearLikeness: 0.8 }, noiseFloorDbfs);
  expect(presence.isAbsent).toBe(false);
});
