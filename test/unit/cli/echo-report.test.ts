import { expect, test } from 'vitest';
import { describeEchoTest } from '../../../main/cli/echo-report.ts';

test('a room whose echo is cancelled is told with its figures', () => {
  const figures = { noiseFloorDbfs: -62.4, roundTripMs: 113.2, echoDb: -20.04, erleDb: 24.6, residualDbfs: -60.2 };
  expect(describeEchoTest({ verdict: 'cancelled', ...figures })).toEqual([
    'The echo is cancelled. You can interrupt Parley while it speaks.',
    '  noise of the room: -62 dBFS',
    '  loudspeaker to microphone: 113 ms',
    '  echo against what was played: -20 dB',
    '  taken away by cancelling (ERLE): 25 dB',
    '  left of the echo: -60 dBFS',
  ]);
});

test('without an echo only the room is told of', () => {
  const none = { roundTripMs: null, echoDb: null, erleDb: null, residualDbfs: null };
  const lines = describeEchoTest({ verdict: 'no-echo', noiseFloorDbfs: -60, ...none });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('headphones');
});
