import type { PulseFixture } from '../../fixtures/pulse.ts';
import { CLIP_RATE_HZ } from '../clips/clip.ts';
import { seededRandom } from '../../../main/evaluation/seeded-random.ts';

const PIECE_SECONDS = 60;
/** Noise of 1.4 steps of PCM16 (root mean square): −87 dBFS, a quiet room in front of a good converter. */
const AMPLITUDE_STEPS = 2;

/**
 * Noise on the microphone's wire, beside what is said: no microphone gives exact zeros, and the app would rightly take this one for
 * switched off. Goes on until the sound server is closed; the function that is returned tells it that this is near.
 */
export function playRoomTone(pulse: PulseFixture): () => void {
  const random = seededRandom(13);
  const samples = Float32Array.from(
    { length: PIECE_SECONDS * CLIP_RATE_HZ },
    () => Math.round((random() * 2 - 1) * AMPLITUDE_STEPS) / 32_767,
  );
  let stopping = false;
  const play = async (): Promise<void> => {
    while (!stopping) await pulse.speak({ samples, sampleRateHz: CLIP_RATE_HZ });
  };
  play().catch((error: unknown) => {
    if (!stopping) console.error('the room tone has stopped:', error);
  });
  return () => {
    stopping = true;
  };
}
