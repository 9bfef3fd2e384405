import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ParleyError } from '../contract/errors.ts';

export interface PcmAudio {
  /** Mono, −1…1; several channels are averaged. */
  samples: Float32Array;
  sampleRateHz: number;
}

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;

interface WavFormat {
  encoding: 'pcm16' | 'pcm24' | 'pcm32' | 'float32';
  channels: number;
  sampleRateHz: number;
}

/** Reads a whole WAV file. Throws `audio-file-bad` (detail: the file's name) saying what is wrong with it. */
export async function readWavFile(filePath: string): Promise<PcmAudio> {
  const name = path.basename(filePath);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(filePath);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'There is no such file.' : 'It cannot be read.';
    throw badFile(reason, name, cause);
  }
  return decodeWav(bytes, name);
}

/** PCM of 16, 24 or 32 bits or 32-bit float, any rate, any number of channels. Throws `audio-file-bad`. */
export function decodeWav(bytes: Uint8Array, name: string): PcmAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length === 0) throw badFile('It is empty.', name);
  if (bytes.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw badFile('It is not a WAV file.', name);
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const sizeBytes = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === 'fmt ') format = readFormat(view, body, sizeBytes, name);
    if (tag(at) === 'data') {
      if (!format) throw badFile('It does not say what format its sound has.', name);
      return decodeData(view, { body, sizeBytes, format, name });
    }
    at = body + sizeBytes + (sizeBytes % 2);
  }
  throw badFile('It ends before its sound begins.', name);
}

function readFormat(view: DataView, body: number, sizeBytes: number, name: string): WavFormat {
  if (sizeBytes < 16 || body + sizeBytes > view.byteLength) throw badFile('It ends inside its header.', name);
  let code = view.getUint16(body, true);
  if (code === FORMAT_EXTENSIBLE && sizeBytes >= 26) code = view.getUint16(body + 24, true);
  const channels = view.getUint16(body + 2, true);
  const sampleRateHz = view.getUint32(body + 4, true);
  const bits = view.getUint16(body + 14, true);
  const isPcm = code === FORMAT_PCM && (bits === 16 || bits === 24 || bits === 32);
  if (!isPcm && !(code === FORMAT_FLOAT && bits === 32)) {
    throw badFile(`Its sound is of a kind that is not supported (format ${code}, ${bits} bits).`, name);
  }
  if (channels === 0) throw badFile('It has no channels.', name);
  if (sampleRateHz < 4000 || sampleRateHz > 384_000)
    throw badFile(`Its rate of ${sampleRateHz} Hz is impossible.`, name);
  const encoding = code === FORMAT_FLOAT ? 'float32' : (`pcm${bits}` as WavFormat['encoding']);
  return { encoding, channels, sampleRateHz };
}

const SAMPLE_BYTES = { pcm16: 2, pcm24: 3, pcm32: 4, float32: 4 };
/** What programs write that stream to a pipe and cannot know the size. */
const UNKNOWN_SIZES = new Set([0xffffffff, 0x7fffffff, 0x7ffff000, 0]);

function decodeData(
  view: DataView,
  data: { body: number; sizeBytes: number; format: WavFormat; name: string },
): PcmAudio {
  const { body, sizeBytes, format, name } = data;
  const frameBytes = SAMPLE_BYTES[format.encoding] * format.channels;
  const thereBytes = view.byteLength - body;
  const isStreamed = UNKNOWN_SIZES.has(sizeBytes);
  if (!isStreamed && sizeBytes > thereBytes) {
    const seconds = (bytes: number) => (bytes / frameBytes / format.sampleRateHz).toFixed(1);
    throw badFile(`It is cut off: ${seconds(thereBytes)} s of ${seconds(sizeBytes)} s are there.`, name);
  }
  const frames = Math.floor((isStreamed ? thereBytes : sizeBytes) / frameBytes);
  const samples = new Float32Array(frames);
  const read = sampleReader(view, format.encoding);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    const at = body + frame * frameBytes;
    for (let channel = 0; channel < format.channels; channel++)
      sum += read(at + channel * SAMPLE_BYTES[format.encoding]);
    samples[frame] = sum / format.channels;
  }
  return { samples, sampleRateHz: format.sampleRateHz };
}

function sampleReader(view: DataView, encoding: WavFormat['encoding']): (at: number) => number {
  switch (encoding) {
    case 'pcm16':
      return (at) => view.getInt16(at, true) / 32768;
    case 'pcm24':
      return (at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8388608;
    case 'pcm32':
      return (at) => view.getInt32(at, true) / 2147483648;
    case 'float32':
      return (at) => {
        const value = view.getFloat32(at, true);
        return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
      };
    default:
      return encoding satisfies never;
  }
}

function badFile(reason: string, name: string, cause?: unknown): ParleyError {
  return new ParleyError({ code: 'audio-file-bad', stage: 'audio', message: reason, detail: name, cause });
}
