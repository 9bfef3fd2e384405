import type { EchoTestResult } from '../contract/capture-chain.ts';
import { ECHO_VERDICT_WORDS } from '../contract/echo-test-words.ts';

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
  return [
    ECHO_VERDICT_WORDS[verdict],
    ...rows.map(([name, value, unit]) => `  ${name}: ${Math.round(value!)} ${unit}`),
  ];
}
