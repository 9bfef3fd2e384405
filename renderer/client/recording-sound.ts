import type { StereoWave } from '../lib/compare/wave-file.ts';

/** Which of the two tracks is heard. */
export type HeardChannel = 'both' | 'user' | 'agent';

/** From each track to each ear. */
const GAINS: Record<HeardChannel, { user: [left: number, right: number]; agent: [left: number, right: number] }> = {
  both: { user: [1, 0], agent: [0, 1] },
  user: { user: [1, 1], agent: [0, 0] },
  agent: { user: [0, 0], agent: [1, 1] },
};

export interface PlayingSound {
  /** Of the recording. */
  positionSeconds(): number;
  hear(channel: HeardChannel): void;
  /** Silent at once; `onEnded` is not called any more. */
  stop(): void;
}

/** Plays a stretch of a recording. One context for all: browsers allow few. */
export class RecordingSound {
  #context: AudioContext | undefined;

  /** `onEnded`: the stretch is over. Call it from a user gesture. */
  play(
    wave: StereoWave,
    options: { fromSeconds: number; toSeconds: number; channel: HeardChannel; onEnded(): void },
  ): PlayingSound {
    const { fromSeconds, toSeconds, channel, onEnded } = options;
    const context = (this.#context ??= new AudioContext());
    void context.resume();
    const source = context.createBufferSource();
    source.buffer = bufferOf(context, wave, fromSeconds, toSeconds);
    const { hear } = connect(context, source);
    hear(channel);
    const startedAt = context.currentTime;
    source.onended = onEnded;
    source.start();
    return {
      positionSeconds: () => Math.min(toSeconds, fromSeconds + Math.max(0, context.currentTime - startedAt)),
      hear,
      stop: () => {
        source.onended = null;
        source.stop();
        source.disconnect();
      },
    };
  }

  close(): void {
    void this.#context?.close();
    this.#context = undefined;
  }
}

function bufferOf(context: AudioContext, wave: StereoWave, fromSeconds: number, toSeconds: number): AudioBuffer {
  const first = Math.min(wave.length - 1, Math.max(0, Math.round(fromSeconds * wave.sampleRateHz)));
  const length = Math.max(1, Math.min(wave.length, Math.round(toSeconds * wave.sampleRateHz)) - first);
  const buffer = context.createBuffer(2, length, wave.sampleRateHz);
  for (const side of [0, 1]) {
    const track = buffer.getChannelData(side);
    for (let i = 0; i < length; i++) track[i] = wave.samples[(first + i) * 2 + side]! / 32_768;
  }
  return buffer;
}

function connect(context: AudioContext, source: AudioNode): { hear(channel: HeardChannel): void } {
  const splitter = context.createChannelSplitter(2);
  const merger = context.createChannelMerger(2);
  source.connect(splitter);
  const gains = (['user', 'agent'] as const).flatMap((track, output) =>
    [0, 1].map((ear) => {
      const gain = context.createGain();
      splitter.connect(gain, output);
      gain.connect(merger, 0, ear);
      return { track, ear, gain };
    }),
  );
  merger.connect(context.destination);
  return {
    hear: (channel) => {
      for (const { track, ear, gain } of gains) gain.gain.value = GAINS[channel][track][ear]!;
    },
  };
}
