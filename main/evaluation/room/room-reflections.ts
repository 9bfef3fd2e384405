const RATE_HZ = 16_000;

/** Reflections within 100 ms that die away by 60 dB in 300 ms, as lags in samples at 16 kHz; the energy of all of them is that of the echo. */
export function roomReflections(echoDb: number): [lag: number, gain: number][] {
  const dice = smoothNoise(4000);
  const taps: [number, number][] = [[0, 1]];
  for (let lag = 12, k = 0; lag < 0.1 * RATE_HZ; k += 2, lag += 8 + Math.floor(Math.abs(dice[k]!) * 40)) {
    taps.push([lag, Math.sign(dice[k + 1]!) * 0.7 * 10 ** ((-60 * lag) / (0.3 * RATE_HZ) / 20)]);
  }
  const energy = taps.reduce((sum, [, gain]) => sum + gain * gain, 0);
  const scale = 10 ** (echoDb / 20) / Math.sqrt(energy);
  return taps.map(([lag, gain]) => [lag, gain * scale]);
}

/** The same in every run. */
function smoothNoise(length: number): Float32Array {
  let state = 5;
  let smooth = 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    smooth += (state / 2 ** 32 - 0.5 - smooth) * 0.5;
    return Math.max(-1, Math.min(1, smooth * 2));
  });
}
