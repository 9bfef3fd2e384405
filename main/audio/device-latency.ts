/**
 * How much sound a PulseAudio (or PipeWire) client has buffered is decided by PULSE_LATENCY_MSEC at the moment its stream is
 * connected, and one value does not suit both directions: a microphone delivers in pieces of that length, a loudspeaker has holes
 * when it is short (and loses up to 1.2 s when it is unset). Measured on null sinks through the audio child, from play() to the
 * wire of the loudspeaker: 50–60 ms with 40, 70–80 ms with 60; from the wire of the microphone to the app 15–32 ms with 20.
 */
const CAPTURE_LATENCY_MS = 20;
const DEFAULT_PLAYBACK_LATENCY_MS = 40;
/** Through other systems: two of the device's periods. */
const OTHER_PLAYBACK_LATENCY_MS = 30;
const VARIABLE = 'PULSE_LATENCY_MSEC';

export interface DeviceLatency {
  /** To be called before a stream of that kind connects. */
  prepare(kind: 'input' | 'output'): void;
  /**
   * To be called when the microphone delivers. A stream that ran over or dry connects again with what is set then, and a
   * loudspeaker with the microphone's value would run dry for ever; a microphone with the loudspeaker's is merely later.
   */
  settle(): void;
  /** What is buffered between a block that was written and the loudspeaker. */
  playbackMs(hostApi: string): number;
}

/** `environment` must be the process's own: libpulse reads it with getenv. What the user has set holds for playback. */
export function deviceLatency(environment: NodeJS.ProcessEnv): DeviceLatency {
  const chosenMs = Number(environment[VARIABLE]);
  const playbackMs = Number.isFinite(chosenMs) && chosenMs > 0 ? chosenMs : DEFAULT_PLAYBACK_LATENCY_MS;
  const set = (latencyMs: number) => void (environment[VARIABLE] = String(latencyMs));
  return {
    prepare: (kind) => set(kind === 'input' ? CAPTURE_LATENCY_MS : playbackMs),
    settle: () => set(playbackMs),
    playbackMs: (hostApi) => (hostApi === 'ALSA' ? playbackMs : OTHER_PLAYBACK_LATENCY_MS),
  };
}
