/** The two tracks of a recording: left the user, right the agent. Views on the file's own memory. */
export interface StereoWave {
  sampleRateHz: number;
  /** Sample frames. */
  length: number;
  /** −32768 … 32767, left and right by turns. */
  samples: Int16Array;
}

/** Throws a RangeError for anything but stereo PCM16 (RIFF). */
export function readStereoWave(file: ArrayBuffer): StereoWave {
  const view = new DataView(file);
  const tag = (at: number): string => String.fromCharCode(...new Uint8Array(file, at, 4));
  if (file.byteLength < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new RangeError('no WAV file');
  let sampleRateHz = 0;
  for (let at = 12; at + 8 <= file.byteLength;) {
    const sizeBytes = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === 'fmt ') {
      const [format, channels, bits] = [view.getUint16(body, true), view.getUint16(body + 2, true), view.getUint16(body + 14, true)]; // prettier-ignore
      if (format !== 1 || channels !== 2 || bits !== 16) throw new RangeError('not PCM16 in two channels');
      sampleRateHz = view.getUint32(body + 4, true);
    } else if (tag(at) === 'data' && sampleRateHz > 0) {
      const bytes = Math.min(sizeBytes, file.byteLength - body);
      const length = Math.floor(bytes / 4);
      // Chunks are even, so that the samples lie where an Int16Array may begin.
      return { sampleRateHz, length, samples: new Int16Array(file, body, length * 2) };
    }
    at = body + sizeBytes + (sizeBytes % 2);
  }
  throw new RangeError('no sound in the WAV file');
}

/** The loudest sample of each of `count` equal stretches, 0 to 1. `channel`: 0 left, 1 right. */
export function peaksOf(
  { samples, length, sampleRateHz }: StereoWave,
  options: { channel: 0 | 1; fromSeconds: number; toSeconds: number; count: number },
): number[] {
  const { channel, fromSeconds, toSeconds, count } = options;
  const first = Math.max(0, Math.round(fromSeconds * sampleRateHz));
  const last = Math.min(length, Math.round(toSeconds * sampleRateHz));
  return Array.from({ length: count }, (_, i) => {
    const from = first + Math.floor(((last - first) * i) / count);
    const to = first + Math.floor(((last - first) * (i + 1)) / count);
    let peak = 0;
    for (let frame = from; frame < to; frame++) peak = Math.max(peak, Math.abs(samples[frame * 2 + channel]!));
    return peak / 32_768;
  });
}

/** The outline of a waveform as an SVG path, mirrored at `middle`. */
export function outline(peaks: readonly number[], box: { width: number; middle: number; height: number }): string {
  if (peaks.length === 0) return '';
  const { width, middle, height } = box;
  const x = (i: number): string => ((width * i) / Math.max(1, peaks.length - 1)).toFixed(1);
  const y = (peak: number, sign: number): string =>
    (middle + (sign * Math.max(0.02, Math.sqrt(peak)) * height) / 2).toFixed(1);
  const top = peaks.map((peak, i) => `${x(i)},${y(peak, -1)}`);
  const bottom = peaks.map((peak, i) => `${x(i)},${y(peak, 1)}`).reverse();
  return `M${top.join('L')}L${bottom.join('L')}Z`;
}
