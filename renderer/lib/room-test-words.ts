import type { CaptureChainSettings } from '../../main/contract/capture-chain.ts';
import { ECHO_VERDICT_WORDS } from '../../main/contract/echo-test-words.ts';
import type { RoomTest } from '../../main/contract/preferences.ts';

export interface RoomTestWords {
  title: string;
  particulars: string[];
}

const STEPS = {
  silence: 'Listening to the room. Please be quiet.',
  sweep: 'Playing a tone that rises.',
  noise: 'Playing noise, and learning to cancel it.',
};
const REFUSALS = {
  talking: 'Somebody was speaking. Start it again in a quiet moment.',
  elsewhere: 'Only the sound card can be tested: a browser tab treats its echo itself.',
  'no-device': 'It needs a microphone and a loudspeaker. Choose both above.',
  'sound-lost': 'The sound stopped in the middle of it. Check the devices and start it again.',
};

/** What the test of the room does or has shown; nothing before the first. `duplex` is what was chosen, which the result may speak against. */
export function roomTestWords(
  test: RoomTest | undefined,
  duplex: CaptureChainSettings['duplex'] | undefined,
): RoomTestWords | undefined {
  switch (test?.status) {
    case undefined:
      return undefined;
    case 'running':
      return { title: STEPS[test.step], particulars: [] };
    case 'refused':
      return { title: REFUSALS[test.because], particulars: [] };
    case 'done': {
      const { verdict, echoDb, erleDb, roundTripMs } = test.result;
      const figures = [
        echoDb === null ? undefined : `echo ${Math.round(echoDb)} dB against what was played`,
        erleDb === null ? undefined : `${Math.round(erleDb)} dB of it taken away`,
        roundTripMs === null ? undefined : `${Math.round(roundTripMs)} ms from loudspeaker to microphone`,
      ].filter((figure) => figure !== undefined);
      return {
        title: ECHO_VERDICT_WORDS[verdict],
        particulars: [
          ...(verdict === 'half-duplex' && duplex === 'full'
            ? ['It is set to stay on all the same: Parley will interrupt itself. Choose one of the other two above.']
            : []),
          ...(figures.length === 0 ? [] : [`Measured: ${figures.join(', ')}.`]),
        ],
      };
    }
    default:
      return test satisfies never;
  }
}
