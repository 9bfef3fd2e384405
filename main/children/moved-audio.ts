import { isMarkedAsUntransferable } from 'node:worker_threads';
import type { MessageLink } from './message-link.ts';

const MAX_DEPTH = 6;

/**
 * Prepares a message for a thread's port so that its audio is moved and not copied: every typed array gets a buffer of its own
 * (a view of part of a larger buffer would drag all of that buffer along, and moving it would take the other views' memory
 * away), and these buffers are listed for transfer. The sender must not touch the arrays afterwards.
 */
export function moveAudio(message: unknown): { message: unknown; transfer: ArrayBuffer[] } {
  const transfer = new Set<ArrayBuffer>();
  const moved = move(message, transfer, 0);
  return { message: moved, transfer: [...transfer] };
}

/** The link with `moveAudio` on everything that is sent. For links between threads, which can move memory. */
export function movingAudio(link: MessageLink): MessageLink {
  return {
    post(message) {
      const moved = moveAudio(message);
      link.post(moved.message, moved.transfer);
    },
    onMessage: (listener) => link.onMessage(listener),
    onClose: (listener) => link.onClose(listener),
    close: () => link.close(),
  };
}

function move(value: unknown, transfer: Set<ArrayBuffer>, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? value : moveView(value as Float32Array, transfer);
  if (Array.isArray(value)) return value.map((item) => move(item, transfer, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, move(item, transfer, depth + 1)]));
}

function moveView(view: Float32Array, transfer: Set<ArrayBuffer>): Float32Array {
  if (view.buffer instanceof SharedArrayBuffer) return view;
  const whole = view.byteLength === view.buffer.byteLength && !isMarkedAsUntransferable(view.buffer);
  const own = whole ? view : view.slice();
  transfer.add(own.buffer as ArrayBuffer);
  return own;
}
