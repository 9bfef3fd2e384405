const HEADER_BYTES = 44;
const FRAME_BYTES = 4;
const RATE_HZ = 16_000;
/** Long enough to hear what went on. */
const MAX_SECONDS = 20;

/** The part of a cell's recording (16 kHz, two channels of PCM16, as Recording.save writes it) that is one turn, as a WAV file. */
export function turnWav(
  file: Buffer,
  { fromSeconds, untilSeconds }: { fromSeconds: number; untilSeconds: number },
): Buffer {
  const at = (seconds: number): number => HEADER_BYTES + Math.round(Math.max(0, seconds) * RATE_HZ) * FRAME_BYTES;
  const data = file.subarray(at(fromSeconds), at(Math.min(untilSeconds, fromSeconds + MAX_SECONDS)));
  const header = Buffer.from(file.subarray(0, HEADER_BYTES));
  header.writeUInt32LE(HEADER_BYTES - 8 + data.length, 4);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/** The agent's channel of such a recording. */
export function agentChannel(file: Buffer): Float32Array {
  const length = Math.max(0, Math.floor((file.length - HEADER_BYTES) / FRAME_BYTES));
  return Float32Array.from({ length }, (_, i) => file.readInt16LE(HEADER_BYTES + i * FRAME_BYTES + 2) / 32_768);
}
