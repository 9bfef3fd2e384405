/** A square wave: loud in every sample, so that fakes can count it. 16 kHz. */
export function tone(seconds: number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * 16_000) }, (_, i) => (Math.floor(i / 40) % 2 ? 0.3 : -0.3));
}
