import { seededRandom } from '../seeded-random.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';

/** Changes one frame of the microphone (10 ms) in place; remembers what came before. */
export type MicrophoneEffect = (frame: Float32Array) => void;

const LOW_CUT_HZ = 300;
const HIGH_CUT_HZ = 3400;
/** Quality factors of a Butterworth filter of the 4th order. */
const BUTTERWORTH_4 = [0.541, 1.307];
const MU = 255;
const LOSS_SHARE = 0.1;
const LOSS_SEED = 31;

/** A headset on an 8 kHz Bluetooth link: 300 to 3400 Hz (4th order at each end) in 8 bits by µ-law. */
export function bluetoothHeadset(): MicrophoneEffect {
  const filters = BUTTERWORTH_4.flatMap((q) => [
    biquad('high-pass', LOW_CUT_HZ, q),
    biquad('low-pass', HIGH_CUT_HZ, q),
  ]);
  return (frame) => {
    for (const filter of filters) filter(frame);
    for (let i = 0; i < frame.length; i++) frame[i] = companded(frame[i]!);
  };
}

/** A gain that is set too high by so much: everything above full scale is cut. */
export function overdriven(gainDb: number): MicrophoneEffect {
  const gain = 10 ** (gainDb / 20);
  return (frame) => {
    for (let i = 0; i < frame.length; i++) frame[i] = Math.max(-1, Math.min(1, frame[i]! * gain));
  };
}

/** One packet of 20 ms in ten is lost and replaced by silence. */
export function losingPackets(): MicrophoneEffect {
  const random = seededRandom(LOSS_SEED);
  let isSecondHalf = false;
  let isLost = false;
  return (frame) => {
    if (!isSecondHalf) isLost = random() < LOSS_SHARE;
    isSecondHalf = !isSecondHalf;
    if (isLost) frame.fill(0);
  };
}

function companded(sample: number): number {
  const magnitude = Math.log1p(MU * Math.min(1, Math.abs(sample))) / Math.log1p(MU);
  const coded = Math.round(magnitude * 127) / 127;
  return (Math.sign(sample) * Math.expm1(coded * Math.log1p(MU))) / MU;
}

/** Robert Bristow-Johnson's cookbook. */
function biquad(type: 'low-pass' | 'high-pass', cutHz: number, q: number): MicrophoneEffect {
  const w = (2 * Math.PI * cutHz) / ROOM_RATE_HZ;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const b1 = type === 'low-pass' ? (1 - cos) / a0 : -(1 + cos) / a0;
  const b0 = Math.abs(b1) / 2;
  const [a1, a2] = [(-2 * cos) / a0, (1 - alpha) / a0];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return (frame) => {
    for (let i = 0; i < frame.length; i++) {
      const x = frame[i]!;
      const y = b0 * (x + x2) + b1 * x1 - a1 * y1 - a2 * y2;
      [x2, x1, y2, y1] = [x1, x, y1, y];
      frame[i] = y;
    }
  };
}
