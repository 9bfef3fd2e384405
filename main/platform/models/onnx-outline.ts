import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { ParleyError, type Stage } from '../../contract/errors.ts';

export interface OnnxOutline {
  /** Names of the graph's inputs. */
  inputs: string[];
  metadata: Map<string, string>;
}

// Field numbers of onnx.proto: ModelProto.ir_version, .graph, .metadata_props; GraphProto.input; ValueInfoProto.name; key and value.
const IR_VERSION = 1;
const MODEL_GRAPH = 7;
const MODEL_METADATA = 14;
const GRAPH_INPUT = 11;
const VALUE_INFO_NAME = 1;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;

const VARINT = 0;
const LENGTH_DELIMITED = 2;
/** Tag and length of a field, at their longest. */
const MAX_HEAD_BYTES = 20;
/** Names and metadata are short; a longer one is none. */
const MAX_TEXT_BYTES = 1 << 20;

/**
 * Reads the outline of an ONNX file without a runtime, and so finds out whether it is whole: sherpa-onnx ends its process on a file
 * that is cut off or no model. Only the heads of the fields are read. Throws `model-missing` or `model-corrupt`, in the name of `stage`.
 */
export async function readOnnxOutline(path: string, stage: Stage): Promise<OnnxOutline> {
  return withFile(path, stage, async (file) => {
    const { metadata, graph } = await readModel(file);
    const inputs: string[] = [];
    for await (const field of fieldsOf(file, graph)) {
      if (field.number === GRAPH_INPUT) inputs.push((await textFields(file, field)).get(VALUE_INFO_NAME) ?? '');
    }
    return { inputs, metadata };
  });
}

/** The key/value pairs alone: quicker, since the graph is passed over. Throws as `readOnnxOutline` does. */
export async function readOnnxMetadata(path: string, stage: Stage): Promise<Map<string, string>> {
  return withFile(path, stage, async (file) => (await readModel(file)).metadata);
}

/** `metadata_props` entries to append to a model: a protobuf message may repeat a field at its end. */
export function encodeOnnxMetadata(entries: Readonly<Record<string, string>>): Buffer {
  const encoded = Object.entries(entries).map(([key, value]) => {
    const entry = Buffer.concat([delimited(ENTRY_KEY, Buffer.from(key)), delimited(ENTRY_VALUE, Buffer.from(value))]);
    return delimited(MODEL_METADATA, entry);
  });
  return Buffer.concat(encoded);
}

async function withFile<T>(path: string, stage: Stage, read: (file: FileHandle) => Promise<T>): Promise<T> {
  const detail = basename(path);
  const file = await open(path).catch((cause: unknown) => {
    throw new ParleyError({ code: 'model-missing', stage, message: 'no model file', detail, cause });
  });
  try {
    return await read(file);
  } catch (cause) {
    throw new ParleyError({ code: 'model-corrupt', stage, message: 'not a whole ONNX file', detail, cause });
  } finally {
    await file.close();
  }
}

interface Span {
  from: number;
  to: number;
}

interface Field extends Span {
  number: number;
}

async function readModel(file: FileHandle): Promise<{ metadata: Map<string, string>; graph: Span }> {
  const { size } = await file.stat();
  const metadata = new Map<string, string>();
  let graph: Span | undefined;
  let hasVersion = false;
  for await (const field of fieldsOf(file, { from: 0, to: size })) {
    if (field.number === IR_VERSION) hasVersion = true;
    if (field.number === MODEL_GRAPH) graph = field;
    if (field.number === MODEL_METADATA) {
      const entry = await textFields(file, field);
      metadata.set(entry.get(ENTRY_KEY) ?? '', entry.get(ENTRY_VALUE) ?? '');
    }
  }
  if (!hasVersion || !graph) throw new RangeError('no model in the file');
  return { metadata, graph };
}

/** The fields of the protobuf message in a stretch of the file; throws RangeError when one reaches beyond its end. */
async function* fieldsOf(file: FileHandle, { from, to }: Span): AsyncGenerator<Field, void, undefined> {
  for (let at = from; at < to;) {
    const head = await readBytes(file, at, Math.min(MAX_HEAD_BYTES, to - at));
    const tag = readVarint(head, 0);
    const wireType = tag.value % 8;
    const number = Math.floor(tag.value / 8);
    // Models and graphs have no fields of other kinds.
    if ((wireType !== VARINT && wireType !== LENGTH_DELIMITED) || number === 0) throw new RangeError('no ONNX field');
    const first = readVarint(head, tag.end);
    const bodyAt = at + first.end;
    const end = wireType === VARINT ? bodyAt : bodyAt + first.value;
    if (end > to) throw new RangeError('a field is cut off');
    yield { number, from: bodyAt, to: end };
    at = end;
  }
}

/** The texts of a short message, by field number. */
async function textFields(file: FileHandle, message: Span): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  if (message.to - message.from > MAX_TEXT_BYTES) return texts;
  for await (const { number, from, to } of fieldsOf(file, message)) {
    if (!texts.has(number)) texts.set(number, (await readBytes(file, from, to - from)).toString('utf8'));
  }
  return texts;
}

async function readBytes(file: FileHandle, position: number, count: number): Promise<Buffer> {
  const buffer = Buffer.alloc(count);
  const { bytesRead } = await file.read(buffer, 0, count, position);
  if (bytesRead !== count) throw new RangeError('the file ends too early');
  return buffer;
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

function delimited(number: number, payload: Buffer): Buffer {
  return Buffer.concat([encodedVarint(number * 8 + LENGTH_DELIMITED), encodedVarint(payload.length), payload]);
}

function encodedVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return Buffer.from(bytes);
  }
}
