import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeWav, readWavFile } from '../../../main/audio/wav-reader.ts';
import { WavWriter } from '../../../main/audio/wav-writer.ts';
import type { ParleyError } from '../../../main/contract/errors.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'parley-wav-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Wav {
  code?: number;
  bits?: number;
  channels?: number;
  rate?: number;
  data: Buffer;
  dataSize?: number;
  before?: Buffer;
}

function wav({
  code = 1,
  bits = 16,
  channels = 1,
  rate = 16_000,
  data,
  dataSize,
  before = Buffer.alloc(0),
}: Wav): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE((rate * channels * bits) / 8, 8);
  format.writeUInt16LE((channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(dataSize ?? data.length);
  const length = Buffer.from([16, 0, 0, 0]);
  const body = [Buffer.from('WAVEfmt '), length, format, before, Buffer.from('data'), size, data];
  return Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), ...body]);
}

const badness = (bytes: Buffer) => {
  try {
    decodeWav(bytes, 'clip.wav');
  } catch (error) {
    const { code, message, detail } = error as ParleyError;
    return { code, message, detail };
  }
  return undefined;
};

describe('reading', () => {
  test('16, 24 and 32 bit integers and floats give the same samples', () => {
    const pcm16 = Buffer.from(Int16Array.of(0, 16_384, -32_768).buffer);
    const pcm24 = Buffer.from([0, 0, 0, 0, 0, 0x40, 0, 0, 0x80]);
    const pcm32 = Buffer.from(Int32Array.of(0, 2 ** 30, -(2 ** 31)).buffer);
    const float = Buffer.from(Float32Array.of(0, 0.5, -1).buffer);
    for (const file of [wav({ data: pcm16 }), wav({ data: pcm24, bits: 24 }), wav({ data: pcm32, bits: 32 })]) {
      expect([...decodeWav(file, '').samples]).toEqual([0, 0.5, -1]);
    }
    expect([...decodeWav(wav({ data: float, bits: 32, code: 3 }), '').samples]).toEqual([0, 0.5, -1]);
  });

  test('stereo is averaged, the rate is kept, other chunks are skipped', () => {
    const data = Buffer.from(Int16Array.of(16_384, 0, -16_384, -16_384).buffer);
    const before = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0, 1, 2, 3, 0])]);
    const audio = decodeWav(wav({ data, channels: 2, rate: 44_100, before }), '');
    expect(audio).toEqual({ samples: Float32Array.of(0.25, -0.5), sampleRateHz: 44_100 });
  });

  test('a file that was streamed to a pipe has no size, and is read to its end', () => {
    const data = Buffer.from(Int16Array.of(1, 2, 3).buffer);
    expect(decodeWav(wav({ data, dataSize: 0xffffffff }), '').samples).toHaveLength(3);
  });

  test.each([
    ['nothing', Buffer.alloc(0), /empty/],
    ['text', Buffer.from('Hello, this is not sound at all.'), /not a WAV/],
    ['a file cut in its sound', wav({ data: Buffer.alloc(16_000), dataSize: 64_000 }), /cut off: 0\.5 s of 2\.0 s/],
    ['a file cut in its header', wav({ data: Buffer.alloc(0) }).subarray(0, 30), /header/],
    ['a file without sound', wav({ data: Buffer.alloc(0) }).subarray(0, 36), /before its sound/],
    ['8 bit sound', wav({ data: Buffer.alloc(10), bits: 8 }), /not supported/],
    ['compressed sound', wav({ data: Buffer.alloc(10), code: 85 }), /not supported/],
    ['an impossible rate', wav({ data: Buffer.alloc(10), rate: 3 }), /impossible/],
  ])('%s is refused with the reason and the name', (_what, bytes, reason) => {
    expect(badness(bytes)).toMatchObject({
      code: 'audio-file-bad',
      detail: 'clip.wav',
      message: expect.stringMatching(reason),
    });
  });

  test('a missing file is refused with the reason', async () => {
    const reading = readWavFile(path.join(folder, 'nowhere.wav'));
    await expect(reading).rejects.toMatchObject({
      code: 'audio-file-bad',
      detail: 'nowhere.wav',
      message: /no such file/,
    });
  });
});

describe('writing', () => {
  test('what was written is read back, clipped', async () => {
    const filePath = path.join(folder, 'round-trip.wav');
    const writer = new WavWriter({ filePath, sampleRateHz: 22_050 });
    writer.write(Float32Array.of(0, 0.5, 2));
    writer.write(Float32Array.of(-2));
    writer.close();
    const { samples, sampleRateHz } = await readWavFile(filePath);
    expect(sampleRateHz).toBe(22_050);
    expect([...samples].map((s) => Math.round(s * 100) / 100)).toEqual([0, 0.5, 1, -1]);
  });

  test('a file that was never closed is whole up to its last checkpoint', async () => {
    const filePath = path.join(folder, 'killed.wav');
    const writer = new WavWriter({ filePath, sampleRateHz: 16_000, channels: 2 });
    writer.write(new Float32Array(100), new Float32Array(100));
    writer.checkpoint();
    writer.write(new Float32Array(50), new Float32Array(50));
    const copyPath = path.join(folder, 'copy.wav');
    await writeFile(copyPath, await readFile(filePath));
    expect((await readWavFile(copyPath)).samples).toHaveLength(100);
    writer.close();
    expect((await readWavFile(filePath)).samples).toHaveLength(150);
  });

  test('a place that cannot be written to is refused with its name', () => {
    const filePath = path.join(folder, 'no', 'such', 'folder', 'out.wav');
    expect(() => new WavWriter({ filePath, sampleRateHz: 16_000 })).toThrowError(
      expect.objectContaining({ code: 'audio-file-bad', detail: 'out.wav' }),
    );
  });
});
