import type { EndpointingPolicy } from './policy.ts';

/** The plain policy that others are compared with: a turn ends after so much silence, whatever was said. */
export function fixedSilence(silenceMs: number): EndpointingPolicy {
  return {
    name: `fixed-silence-${silenceMs}`,
    delayMs: () => silenceMs,
    speculate: ({ text }) => text !== null && text !== '',
  };
}
