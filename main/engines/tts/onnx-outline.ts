import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';

export interface OnnxOutline {
  /** Names of the graph's inputs. */
  inputs: string[];
  metadata: Map<string, string>;
}

// Field numbers of onnx.proto: ModelProto.graph, ModelProto.metadata_props, GraphProto.input; name, key and value.
const MODEL_GRAPH = 7;
const MODEL_METADATA = 14;
const GRAPH_INPUT = 11;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;
const VALUE_INFO_NAME = 1;

/**
 * Reads the outline of an ONNX file without a runtime, and so finds out whether it is whole: sherpa-onnx ends its process on a
 * file that is cut off or no model. Throws `model-missing` or `model-corrupt`.
 */
export async function readOnnxOutline(path: string): Promise<OnnxOutline> {
  const detail = basename(path);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new ParleyError({
      code: 'model-missing',
      stage: 'speak',
      message: 'a voice file is not there',
      detail,
      cause,
    });
  }
  try {
    return outline(bytes);
  } catch (cause) {
    throw new ParleyError({ code: 'model-corrupt', stage: 'speak', message: 'not a whole ONNX file', detail, cause });
  }
}

/** `metadata_props` entries to append to a model: a protobuf message may repeat a field at its end. */
export function encodeOnnxMetadata(entries: Readonly<Record<string, string>>): Buffer {
  const encoded = Object.entries(entries).map(([key, value]) => {
    const entry = Buffer.concat([delimited(ENTRY_KEY, Buffer.from(key)), delimited(ENTRY_VALUE, Buffer.from(value))]);
    return delimited(MODEL_METADATA, entry);
  });
  return Buffer.concat(encoded);
}

function outline(bytes: Buffer): OnnxOutline {
  const inputs: string[] = [];
  const metadata = new Map<string, string>();
  let hasGraph = false;
  for (const field of fields(bytes)) {
    if (field.number === MODEL_GRAPH && field.payload) {
      hasGraph = true;
      for (const part of fields(field.payload)) {
        if (part.number === GRAPH_INPUT && part.payload) inputs.push(textField(part.payload, VALUE_INFO_NAME));
      }
    }
    if (field.number === MODEL_METADATA && field.payload) {
      metadata.set(textField(field.payload, ENTRY_KEY), textField(field.payload, ENTRY_VALUE));
    }
  }
  if (!hasGraph) throw new RangeError('no graph');
  return { inputs, metadata };
}

interface Field {
  number: number;
  /** Of length-delimited fields. */
  payload?: Buffer;
}

/** The fields of a protobuf message; throws RangeError when one reaches beyond its end. */
function* fields(message: Buffer): Generator<Field, void, undefined> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('the message is cut off');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('no varint');
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new RangeError('no field number');
    switch (tag % 8) {
      case 0:
        varint();
        yield { number };
        break;
      case 1:
        at += 8;
        yield { number };
        break;
      case 2: {
        const length = varint();
        if (at + length > message.length) throw new RangeError('a field is cut off');
        yield { number, payload: message.subarray(at, at + length) };
        at += length;
        break;
      }
      case 5:
        at += 4;
        yield { number };
        break;
      default:
        throw new RangeError('unknown wire type');
    }
    if (at > message.length) throw new RangeError('a field is cut off');
  }
}

function textField(message: Buffer, wanted: number): string {
  for (const field of fields(message))
    if (field.number === wanted && field.payload) return field.payload.toString('utf8');
  return '';
}

function delimited(number: number, payload: Buffer): Buffer {
  return Buffer.concat([encodedVarint(number * 8 + 2), encodedVarint(payload.length), payload]);
}

function encodedVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return Buffer.from(bytes);
  }
}
