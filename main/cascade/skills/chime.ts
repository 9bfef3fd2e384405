/** Partials of a small bell, with their loudness; slightly off the harmonic series, as a bell's are. */
const PARTIALS: readonly (readonly [ratio: number, gain: number])[] = [
  [1, 0.6],
  [2.01, 0.25],
  [3.02, 0.1],
];
const NOTES_HZ = [880, 1174.66, 880, 1174.66];
const NOTE_SECONDS = 0.28;
const TAIL_SECONDS = 0.5;
const PEAK = 0.35;

/** What is heard before an alarm's words: two rising strokes of a bell, twice. Mono, 1.6 s. */
export function alarmChime(sampleRateHz: number): Float32Array {
  const chime = new Float32Array(Math.round((NOTES_HZ.length * NOTE_SECONDS + TAIL_SECONDS) * sampleRateHz));
  for (const [index, noteHz] of NOTES_HZ.entries()) {
    const start = Math.round(index * NOTE_SECONDS * sampleRateHz);
    for (let i = start; i < chime.length; i++) {
      const seconds = (i - start) / sampleRateHz;
      // 3 ms of attack, so that the stroke does not click.
      const loudness = Math.min(1, seconds / 0.003) * Math.exp(-7 * seconds);
      for (const [ratio, gain] of PARTIALS) {
        chime[i]! += PEAK * gain * loudness * Math.sin(2 * Math.PI * noteHz * ratio * seconds);
      }
    }
  }
  return chime;
}
