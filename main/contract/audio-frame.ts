/**
 * Binary audio frames on the WebSocket between a browser and the app: a 12 byte little-endian header, then PCM16 mono.
 *
 *   0  u8   kind: 1 microphone (browser → app), 2 loudspeaker (app → browser)
 *   1  u8   header version (1)
 *   2  u16  answer number, 0 for microphone frames; answers count up from 1 in each connection
 *   4  u32  sample rate in Hz
 *   8  u32  index of the first sample in its stream (wraps at 2^32)
 *  12  i16… samples
 */
export const AUDIO_FRAME_VERSION = 1;
export const AUDIO_FRAME_HEADER_BYTES = 12;
export const AudioFrameKind = { microphone: 1, loudspeaker: 2 } as const;
export type AudioFrameKind = (typeof AudioFrameKind)[keyof typeof AudioFrameKind];

export interface AudioFrame {
  kind: AudioFrameKind;
  answerNumber: number;
  sampleRateHz: number;
  startSample: number;
  /** Mono, −1…1. */
  samples: Float32Array;
}

/** Packs a frame; samples are clipped to −1…1. */
export function encodeAudioFrame(frame: AudioFrame): ArrayBuffer {
  const buffer = new ArrayBuffer(AUDIO_FRAME_HEADER_BYTES + frame.samples.length * 2);
  const view = new DataView(buffer);
  view.setUint8(0, frame.kind);
  view.setUint8(1, AUDIO_FRAME_VERSION);
  view.setUint16(2, frame.answerNumber, true);
  view.setUint32(4, frame.sampleRateHz, true);
  view.setUint32(8, frame.startSample >>> 0, true);
  for (let i = 0; i < frame.samples.length; i++) {
    const clipped = Math.max(-1, Math.min(1, frame.samples[i]!));
    view.setInt16(AUDIO_FRAME_HEADER_BYTES + i * 2, Math.round(clipped * 32767), true);
  }
  return buffer;
}

/** Unpacks a frame, or returns undefined when the bytes are not a whole frame of a version that we speak. */
export function decodeAudioFrame(bytes: Uint8Array): AudioFrame | undefined {
  const pcmBytes = bytes.byteLength - AUDIO_FRAME_HEADER_BYTES;
  if (pcmBytes < 0 || pcmBytes % 2 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (kind !== AudioFrameKind.microphone && kind !== AudioFrameKind.loudspeaker) return undefined;
  if (view.getUint8(1) !== AUDIO_FRAME_VERSION) return undefined;
  const sampleRateHz = view.getUint32(4, true);
  if (sampleRateHz < 8000 || sampleRateHz > 192_000) return undefined;
  const samples = new Float32Array(pcmBytes / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(AUDIO_FRAME_HEADER_BYTES + i * 2, true) / 32768;
  return { kind, answerNumber: view.getUint16(2, true), sampleRateHz, startSample: view.getUint32(8, true), samples };
}
