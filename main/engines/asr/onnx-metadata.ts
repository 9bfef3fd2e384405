import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';

// Field numbers of ModelProto and of its metadata entries (onnx.proto).
const IR_VERSION = 1;
const GRAPH = 7;
const METADATA = 14;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const MAX_METADATA_BYTES = 1 << 20;

/**
 * The key/value pairs that an ONNX file carries, read without opening the model: the outermost fields are walked, so that a
 * truncated file or one of another kind is found out too. Throws `model-missing` or `model-corrupt`.
 */
export async function readOnnxMetadata(path: string): Promise<Map<string, string>> {
  const detail = basename(path);
  const file = await open(path).catch((cause: unknown) => {
    throw new ParleyError({ code: 'model-missing', stage: 'listen', message: 'no model file', detail, cause });
  });
  try {
    return await walkModel(file);
  } catch (cause) {
    throw new ParleyError({ code: 'model-corrupt', stage: 'listen', message: 'not a whole ONNX file', detail, cause });
  } finally {
    await file.close();
  }
}

async function walkModel(file: FileHandle): Promise<Map<string, string>> {
  const { size } = await file.stat();
  const metadata = new Map<string, string>();
  const seen = new Set<number>();
  for (let at = 0; at < size;) {
    const head = await readBytes(file, at, Math.min(20, size - at));
    const field = readField(head, 0);
    seen.add(field.number);
    const end = at + field.bodyAt + field.bodyBytes;
    if (end > size) throw new RangeError('a field runs past the end of the file');
    if (field.number === METADATA && field.bodyBytes <= MAX_METADATA_BYTES) {
      const [key, value] = readEntry(await readBytes(file, at + field.bodyAt, field.bodyBytes));
      metadata.set(key, value);
    }
    at = end;
  }
  if (!seen.has(IR_VERSION) || !seen.has(GRAPH)) throw new RangeError('no model in the file');
  return metadata;
}

async function readBytes(file: FileHandle, position: number, count: number): Promise<Buffer> {
  const buffer = Buffer.alloc(count);
  const { bytesRead } = await file.read(buffer, 0, count, position);
  if (bytesRead !== count) throw new RangeError('the file ends too early');
  return buffer;
}

function readEntry(bytes: Buffer): [string, string] {
  const parts = new Map<number, string>();
  for (let at = 0; at < bytes.length;) {
    const field = readField(bytes, at);
    const end = field.bodyAt + field.bodyBytes;
    parts.set(field.number, bytes.toString('utf8', field.bodyAt, end));
    at = end;
  }
  return [parts.get(ENTRY_KEY) ?? '', parts.get(ENTRY_VALUE) ?? ''];
}

/** Number of the field at `at`, where its body begins and how long that is. */
function readField(bytes: Buffer, at: number): { number: number; bodyAt: number; bodyBytes: number } {
  const tag = readVarint(bytes, at);
  const wireType = tag.value % 8;
  const number = Math.floor(tag.value / 8);
  if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) throw new RangeError('a field of an unknown kind');
  const first = readVarint(bytes, tag.end);
  if (wireType === VARINT) return { number, bodyAt: tag.end, bodyBytes: first.end - tag.end };
  return { number, bodyAt: first.end, bodyBytes: first.value };
}

function readVarint(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, end: at + i + 1 };
  }
  throw new RangeError('a number without an end');
}
