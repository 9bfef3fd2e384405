import type { EchoTestResult } from './capture-chain.ts';

/** What a test of the room means for the one who sits in it. */
export const ECHO_VERDICT_WORDS = {
  'no-echo':
    'The microphone does not hear the loudspeaker: headphones, or the sound is off. You can interrupt at any time.',
  cancelled: 'The echo is cancelled. You can interrupt Parley while it speaks.',
  'half-duplex':
    'The echo cannot be cancelled here: Parley turns the microphone off while it speaks. A lower volume, headphones or more distance between the two help.',
} satisfies Record<EchoTestResult['verdict'], string>;
