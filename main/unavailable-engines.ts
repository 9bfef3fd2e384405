import type { ParleyError } from './contract/errors.ts';
import type { Listener } from './ports/listener.ts';
import type { Llm } from './ports/llm.ts';
import type { Tts } from './ports/tts.ts';

/*
 * Stand-ins for engines whose model is not installed: the app starts, says what is missing, and every use of them fails with that reason.
 */

export function unavailableLlm(reason: ParleyError): Llm {
  return {
    generate: () => {
      throw reason;
    },
    preload: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

export function unavailableTts(reason: ParleyError): Tts {
  return {
    sampleRateHz: 24_000,
    synthesize: () => {
      throw reason;
    },
    close: () => Promise.resolve(),
  };
}

/** Deaf: typed turns still work. */
export function unavailableListener(reason: ParleyError): Listener {
  return {
    push: () => {},
    beginUtterance: () => {},
    readUtterance: () => Promise.reject(reason),
    endUtterance: () => {},
    onEvent: () => () => {},
  };
}
