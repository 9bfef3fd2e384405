import { endLogOdds, isSentenceEndTelling } from './end-probability.ts';
import type { EndpointingPolicy, PauseEvidence } from './policy.ts';
import { phraseShape } from './phrase-shape.ts';

/**
 * Silence to wait for, by the log-odds that it is the end (1.9: 87%, 0: even, −1: 27%); interpolated. Chosen on the tuning clips so that
 * few pauses outlast it: within a turn one pause in ten is longer than 1.0 s.
 */
const DELAYS: readonly { logOdds: number; delayMs: number }[] = [
  { logOdds: -1.5, delayMs: 1350 },
  { logOdds: -0.5, delayMs: 1100 },
  { logOdds: 0.2, delayMs: 920 },
  { logOdds: 1.1, delayMs: 710 },
  { logOdds: 1.6, delayMs: 400 },
  { logOdds: 1.9, delayMs: 200 },
];

/** Nothing was recognised: a cough or a noise. Wait a little for words to follow, then forget it. */
const NOTHING_SAID_MS = 500;
/** No reading yet. It comes within this time or the recogniser is late, which is another timer. */
const UNREAD_MS = 1200;
/** The voice detector goes on for some 60 ms after the last sound, so that 0.17 s are really silent. */
const KNOWN_REQUEST_MS = 110;
/** An answer is prepared unless more is plainly to come; an unfinished phrase has to sound this complete. */
const SPECULATE_ON_UNFINISHED = 0.8;

/** A delay that adapts to the words, to the sound and to the speaker. */
export function semanticEndpointing(): EndpointingPolicy {
  return {
    name: 'semantic',
    knownRequestMs: KNOWN_REQUEST_MS,
    delayMs,
    asksSentenceEnd: ({ text, answersQuestion }) =>
      text !== null && text !== '' && isSentenceEndTelling(phraseShape(text, { answersQuestion })),
    speculate({ text, completeProbability }) {
      if (text === null || text === '') return false;
      return phraseShape(text) !== 'unfinished' || (completeProbability ?? 0) >= SPECULATE_ON_UNFINISHED;
    },
  };
}

function delayMs(evidence: PauseEvidence): number {
  const { text, manner } = evidence;
  if (text === null) return UNREAD_MS;
  if (text === '') return NOTHING_SAID_MS;
  const delay = interpolate(endLogOdds({ ...evidence, text }));
  const shortest = DELAYS.at(-1)!.delayMs;
  return shortest + (delay - shortest) * (manner?.slowness ?? 1);
}

function interpolate(logOdds: number): number {
  const above = DELAYS.findIndex((point) => logOdds <= point.logOdds);
  if (above < 0) return DELAYS.at(-1)!.delayMs;
  if (above === 0) return DELAYS[0]!.delayMs;
  const [from, to] = [DELAYS[above - 1]!, DELAYS[above]!];
  return from.delayMs + ((logOdds - from.logOdds) / (to.logOdds - from.logOdds)) * (to.delayMs - from.delayMs);
}
