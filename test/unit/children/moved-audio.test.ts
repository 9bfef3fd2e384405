import { markAsUntransferable } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { linkedPair } from '../../../main/children/message-link.ts';
import { moveAudio, movingAudio } from '../../../main/children/moved-audio.ts';

describe('moveAudio', () => {
  it('lists the buffers of whole arrays, however deep in the message, each once', () => {
    const pcm = new Float32Array(4);
    const frame = new Int16Array(2);
    const { message, transfer } = moveAudio({ a: pcm, list: [{ frame }, { again: pcm }] });
    expect(message).toEqual({ a: pcm, list: [{ frame }, { again: pcm }] });
    expect(transfer).toEqual([pcm.buffer, frame.buffer]);
  });

  it('gives a view of part of a buffer one of its own, and leaves the larger one alone', () => {
    const ring = new Float32Array([1, 2, 3, 4]);
    const { message, transfer } = moveAudio(ring.subarray(1, 3));
    expect(message).toEqual(new Float32Array([2, 3]));
    expect(transfer).toEqual([(message as Float32Array<ArrayBuffer>).buffer]);
    expect(transfer).not.toContain(ring.buffer);
  });

  it('copies memory that may not be moved', () => {
    const pinned = new Float32Array([1, 2]);
    markAsUntransferable(pinned.buffer);
    const { message, transfer } = moveAudio({ pinned });
    expect(transfer).not.toContain(pinned.buffer);
    expect(message).toEqual({ pinned });
  });

  it('leaves shared memory, plain values and objects with a class as they are', () => {
    const shared = new Int32Array(new SharedArrayBuffer(4));
    const date = new Date(0);
    const original = { shared, date, text: 'x', nothing: null };
    const { message, transfer } = moveAudio(original);
    expect((message as typeof original).shared).toBe(shared);
    expect((message as typeof original).date).toBe(date);
    expect(transfer).toEqual([]);
  });
});

it('a moving link takes the memory of what it sends', () => {
  const [near] = linkedPair();
  const pcm = new Float32Array(4);
  movingAudio(near).post({ pcm });
  expect(pcm.length).toBe(0);
});
