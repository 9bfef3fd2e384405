import type { Listener } from '../../main/ports/listener.ts';

/** Ears for conversations that are typed. */
export const deafListener: Listener = {
  push() {},
  beginUtterance() {},
  readUtterance: () => Promise.resolve({ text: '', completeProbability: null }),
  endUtterance() {},
  onEvent: () => () => {},
};
