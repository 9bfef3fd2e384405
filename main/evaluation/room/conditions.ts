import type { BackgroundName } from './background.ts';
import { bluetoothHeadset, losingPackets, overdriven, type MicrophoneEffect } from './microphone-effects.ts';
import { FAR_ROOM, type Room } from './room-response.ts';

/** A room and a device. Everything that is absent is ideal: a headset in a quiet room. */
export interface Condition {
  title: string;
  /** What is heard beside the user, and how far below the user's level (both RMS while there is sound). */
  background?: { name: BackgroundName; snrDb: number };
  /** What the user's voice passes on its way to the microphone. */
  room?: Room;
  /** Made anew for every session. */
  microphone?: () => MicrophoneEffect;
  /** How much faster the microphone's clock runs than the loudspeaker's. */
  driftPpm?: number;
  /** Level of the loudspeaker's sound at the microphone against what is played; the capture chain has to take it away. */
  echoDb?: number;
}

const CONDITIONS = {
  clean: { title: 'clean' },
  babble: { title: 'babble, 10 dB', background: { name: 'babble', snrDb: 10 } },
  music: { title: 'music, 10 dB', background: { name: 'music', snrDb: 10 } },
  bursts: { title: 'horn, dog, phone bursts, 0 dB', background: { name: 'bursts', snrDb: 0 } },
  far: { title: 'far microphone (RT60 0.5 s, direct −3 dB)', room: FAR_ROOM },
  bluetooth: { title: '8 kHz Bluetooth headset', microphone: bluetoothHeadset },
  clipping: { title: 'clipping (24 dB too loud)', microphone: () => overdriven(24) },
  'drift+': { title: 'clock drift +200 ppm', driftPpm: 200 },
  'drift-': { title: 'clock drift −200 ppm', driftPpm: -200 },
  loss: { title: '10% of frames lost', microphone: losingPackets },
  loudspeaker: { title: 'loudspeaker, echo −20 dB', echoDb: -20 },
} as const satisfies Record<string, Condition>;

export type ConditionName = keyof typeof CONDITIONS;
export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[];

export function conditionNamed(name: ConditionName): Condition {
  return CONDITIONS[name];
}
