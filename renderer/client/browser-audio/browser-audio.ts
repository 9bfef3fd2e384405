import { decodeAudioFrame } from '../../../main/contract/audio-frame.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import microphoneWorkletUrl from './microphone-worklet.ts?worker&url';
import playerWorkletUrl from './player-worklet.ts?worker&url';
import { MICROPHONE_WORKLET, PLAYER_WORKLET, type PlayerOrder, type PlayerReports } from './worklet-messages.ts';

const LATENCY_UPDATE_MS = 1000;

export interface BrowserAudioOptions {
  /** False gives the microphone as it is, for measurements that compare recordings sample by sample. */
  voiceProcessing: boolean;
  /** A finished 10 ms frame of the microphone in the wire format. */
  onMicrophoneFrame(frame: ArrayBuffer): void;
  onPlayed(reports: PlayerReports): void;
  /** The microphone was unplugged or its permission withdrawn; this object is closed already. */
  onLost(error: ParleyError): void;
}

/** This tab as microphone and loudspeaker. Made by `openBrowserAudio`, of use until `close`. */
export class BrowserAudio {
  readonly #context: AudioContext;
  readonly #stream: MediaStream;
  readonly #player: AudioWorkletNode;
  readonly #latencyTimer: ReturnType<typeof setInterval>;

  constructor(context: AudioContext, stream: MediaStream, options: BrowserAudioOptions) {
    this.#context = context;
    this.#stream = stream;
    const microphone = new AudioWorkletNode(context, MICROPHONE_WORKLET, {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    microphone.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => options.onMicrophoneFrame(data);
    context.createMediaStreamSource(stream).connect(microphone);
    this.#player = new AudioWorkletNode(context, PLAYER_WORKLET, { numberOfInputs: 0, outputChannelCount: [1] });
    this.#player.port.onmessage = ({ data }: MessageEvent<PlayerReports>) => options.onPlayed(data);
    this.#player.connect(context.destination);
    stream.getAudioTracks()[0]?.addEventListener('ended', () => {
      this.close();
      options.onLost(new ParleyError({ code: 'device-lost', stage: 'audio' }));
    });
    // The figure settles only after the first sound, and changes with the output device.
    this.#latencyTimer = setInterval(() => this.#tellLatency(), LATENCY_UPDATE_MS);
    this.#tellLatency();
  }

  /** Queues a loudspeaker frame as it came from the app; anything else is ignored. */
  play(frame: ArrayBuffer): void {
    const decoded = decodeAudioFrame(new Uint8Array(frame));
    if (decoded === undefined) return;
    const { answerNumber, sampleRateHz, samples } = decoded;
    this.#player.port.postMessage({ type: 'add', answerNumber, sampleRateHz, samples } satisfies PlayerOrder, [
      samples.buffer as ArrayBuffer,
    ]);
  }

  order(order: Exclude<PlayerOrder, { type: 'add' }>): void {
    this.#player.port.postMessage(order);
  }

  /** Gives microphone and loudspeaker back. */
  close(): void {
    clearInterval(this.#latencyTimer);
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close().catch(() => {});
  }

  #tellLatency(): void {
    this.order({ type: 'latency', latencySec: this.#context.outputLatency || this.#context.baseLatency || 0 });
  }
}

/**
 * Asks for the microphone and starts both worklets. Call it from a user gesture, or when permission is there already.
 * Throws `microphone-blocked` (permission denied, or this page may not ask), `no-device` or `engine-failed`, stage `audio`.
 */
export async function openBrowserAudio(options: BrowserAudioOptions): Promise<BrowserAudio> {
  const context = new AudioContext({ latencyHint: 'interactive' });
  let stream: MediaStream | undefined;
  try {
    stream = await askForMicrophone(options.voiceProcessing);
    await Promise.all([
      context.audioWorklet.addModule(microphoneWorkletUrl),
      context.audioWorklet.addModule(playerWorkletUrl),
      context.resume(),
    ]);
    return new BrowserAudio(context, stream, options);
  } catch (cause) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    void context.close().catch(() => {});
    throw explain(cause);
  }
}

/** How long a context that may play takes to say so; one that may not stays suspended until a gesture. */
const PROBE_MS = 300;

/** True when sound can start without a gesture: the microphone was allowed before and the page may play. */
export async function mayStartUnasked(): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: 'microphone' });
    if (state !== 'granted') return false;
    const probe = new AudioContext();
    const waited = new Promise((resolve) => setTimeout(resolve, PROBE_MS));
    await Promise.race([probe.resume(), waited]);
    const allowed = probe.state === 'running';
    void probe.close();
    return allowed;
  } catch {
    return false;
  }
}

async function askForMicrophone(voiceProcessing: boolean): Promise<MediaStream> {
  // Absent where the page is not a secure context: the host was opened by another name than localhost.
  if (navigator.mediaDevices === undefined) throw new DOMException('not a secure context', 'NotAllowedError');
  return await navigator.mediaDevices.getUserMedia({
    audio: {
      channelCount: 1,
      echoCancellation: voiceProcessing,
      noiseSuppression: voiceProcessing,
      autoGainControl: voiceProcessing,
    },
  });
}

function explain(cause: unknown): ParleyError {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return new ParleyError({ code: 'microphone-blocked', stage: 'audio', retryable: true, cause });
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError') {
    return new ParleyError({ code: 'no-device', stage: 'audio', retryable: true, cause });
  }
  return ParleyError.from(cause, 'audio', 'engine-failed');
}
