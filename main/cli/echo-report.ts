import type { EchoTestResult } from '../contract/capture-chain.ts';

const VERDICTS = {
  'no-echo':
    'The microphone does not hear the loudspeaker: headphones, or the sound is off. You can interrupt at any time.',
  cancelled: 'The echo is cancelled. You can interrupt Parley while it speaks.',
  'half-duplex':
    'The echo cannot be cancelled here: Parley turns the microphone off while it speaks. A lower volume, headphones or more distance between the two help.',
} satisfies Record<EchoTestResult['verdict'], string>;

/** What a test of the room has shown, line by line. */
export function describeEchoTest(result: EchoTestResult): string[] {
  const { verdict, noiseFloorDbfs, roundTripMs, echoDb, erleDb, residualDbfs } = result;
  const measured: [string, number | null, string][] = [
    ['noise of the room', noiseFloorDbfs, 'dBFS'],
    ['loudspeaker to microphone', roundTripMs, 'ms'],
    ['echo against what was played', echoDb, 'dB'],
    ['taken away by cancelling (ERLE)', erleDb, 'dB'],
    ['left of the echo', residualDbfs, 'dBFS'],
  ];
  const rows = measured.filter(([, value]) => value !== null);
  return [VERDICTS[verdict], ...rows.map(([name, value, unit]) => `  ${name}: ${Math.round(value!)} ${unit}`)];
}
