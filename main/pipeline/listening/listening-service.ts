import { ParleyError } from '../../contract/errors.ts';
import type { Asr } from '../../ports/asr.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../../ports/listener.ts';
import type { TurnDetector } from '../../ports/turn-detector.ts';
import type { Vad } from '../../ports/vad.ts';
import type { SpeakerEncoder, VoiceClaimant, VoiceMeasures, VoiceMeter } from '../../ports/voice-cues.ts';
import { AudioRing } from './audio-ring.ts';
import { ClaimAsking } from './claim-asking.ts';
import { withoutJunk } from './junk-text.ts';
import { OpenUtterance } from './open-utterance.ts';
import { SegmentRecogniser } from './segment-recogniser.ts';
import { SpeakerSampling } from './speaker-sampling.ts';
import { SpeechTrack } from './speech-track.ts';
import { TurnSense } from './turn-sense.ts';
import { VadPump } from './vad-pump.ts';
import { VoiceMeasuring } from './voice-measuring.ts';

const RING_SAMPLES = 30 * 16_000;

export interface ListeningServiceOptions {
  vad: Vad;
  asr: Asr;
  /** Null: readings come without a probability. */
  turnDetector: TurnDetector | null;
  /** Default: readings come without measures of the voice. */
  voiceMeter?: VoiceMeter | undefined;
  /** Asked when a voice is to be measured; null, and by default, measures do not say whose it is. */
  speakerEncoder?(): SpeakerEncoder | null;
  /** Asked when an utterance has ended whose voice was measured; null, and by default, nobody claims anything of it. */
  claimant?(): VoiceClaimant | null;
  clock: Clock;
  /** The VAD failed: nothing more is heard. Failures of the other engines are told to whoever asks for a reading. */
  onFailure?(error: ParleyError): void;
}

/**
 * The ears over the ports Vad, Asr and TurnDetector; see Listener for what each method does. When a pause begins, it recognises
 * and judges what was said before anyone asks, so that a reading of that pause usually costs nothing.
 */
export class ListeningService implements Listener {
  readonly #options: ListeningServiceOptions;
  readonly #ring = new AudioRing(RING_SAMPLES);
  readonly #track: SpeechTrack;
  readonly #pump: VadPump;
  readonly #recogniser: SegmentRecogniser;
  readonly #listeners = new Set<(event: ListenerEvent) => void>();
  readonly #claims: ClaimAsking;
  #utterance: OpenUtterance | undefined;
  #fromSample = 0;
  /** Of the open utterance, whose voice was measured up to there. */
  #heard: { fromSample: number; toSample: number } | undefined;
  #voice: VoiceMeasuring | undefined;
  #speaker: SpeakerSampling | undefined;

  /** The engines stay the caller's, who closes them after close(). */
  constructor(options: ListeningServiceOptions) {
    const { vad, asr } = options;
    this.#options = options;
    this.#track = new SpeechTrack({ windowSamples: vad.windowSamples, capacitySamples: RING_SAMPLES });
    this.#recogniser = new SegmentRecogniser({ asr, ring: this.#ring, track: this.#track });
    this.#claims = new ClaimAsking({
      claimant: () => options.claimant?.() ?? null,
      ring: this.#ring,
      onClaim: (utteranceId, claim) => this.#emit({ type: 'claim', utteranceId, claim }),
      onFailure: (error) => this.#emit({ type: 'voice-part-missing', part: 'emotion-model', error: error.serialise() }),
    });
    this.#pump = new VadPump({
      vad,
      ring: this.#ring,
      track: this.#track,
      onWindow: (window) => {
        this.#emit({ type: 'vad', ...window });
        this.#utterance?.advance();
        this.#voice?.advance();
        this.#speaker?.advance();
      },
      onFailure: (cause) => options.onFailure?.(ParleyError.from(cause, 'listen', 'engine-failed')),
    });
  }

  push(frames: CaptureFrame[]): void {
    for (const frame of frames) this.#ring.write(frame.startSample, frame.samples);
    this.#pump.advance();
  }

  beginUtterance(utteranceId: number, fromSample: number, { measureVoice = false } = {}): void {
    this.#utterance?.end();
    const meter = measureVoice ? this.#options.voiceMeter : undefined;
    this.#fromSample = fromSample;
    this.#heard = undefined;
    // So that it is open when the first one ends.
    if (meter) this.#options.claimant?.();
    this.#voice = meter && new VoiceMeasuring({ meter, ring: this.#ring, fromSample });
    const encoder = measureVoice ? this.#options.speakerEncoder?.() : undefined;
    this.#speaker = encoder
      ? new SpeakerSampling({ encoder, ring: this.#ring, track: this.#track, fromSample })
      : undefined;
    this.#utterance = new OpenUtterance({
      utteranceId,
      fromSample,
      recogniser: this.#recogniser,
      turnSense: new TurnSense({ detector: this.#options.turnDetector, ring: this.#ring, track: this.#track }),
      track: this.#track,
      clock: this.#options.clock,
      emit: (event) => this.#emit(this.#withVoice(event)),
    });
  }

  /** Throws `bad-input` when the utterance is not open, `cancelled` on abort and when it ends meanwhile. */
  async readUtterance(utteranceId: number, toSample: number, options: CallOptions = {}): Promise<UtteranceReading> {
    const utterance = this.#utterance;
    if (utterance?.utteranceId !== utteranceId) {
      throw new ParleyError({ code: 'bad-input', stage: 'listen', message: 'this utterance is not open' });
    }
    await this.#pump.caughtUp();
    const endSample = Math.min(toSample, this.#ring.endSample);
    const reading = await utterance.read(endSample, options.signal);
    // By now the next utterance may be open; its voice is not this one's.
    if (!this.#voice || this.#utterance !== utterance) return reading;
    const voice = this.#measured(this.#voice, reading.emotion);
    if (voice) this.#heard = { fromSample: this.#fromSample, toSample: endSample };
    return { ...reading, voice };
  }

  endUtterance(utteranceId: number): void {
    if (this.#utterance?.utteranceId !== utteranceId) return;
    this.#utterance.end();
    this.#utterance = undefined;
    this.#voice = undefined;
    this.#speaker = undefined;
    if (this.#heard) this.#claims.ask(utteranceId, this.#heard);
    this.#heard = undefined;
  }

  async transcribe(pcm: Float32Array, options: CallOptions = {}): Promise<string> {
    const { text } = await this.#options.asr.transcribe(pcm, options);
    return withoutJunk(text, pcm.length / 16);
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the utterance and forgets the listeners. Safe twice. */
  close(): void {
    this.#utterance?.end();
    this.#utterance = undefined;
    this.#listeners.clear();
  }

  #withVoice(event: ListenerEvent): ListenerEvent {
    const pauses = event.type === 'partial' && this.#track.silentTailWindows() > 0;
    return pauses && this.#voice ? { ...event, voice: this.#measured(this.#voice, event.emotion) } : event;
  }

  #measured(voice: VoiceMeasuring, emotion: string | undefined): VoiceMeasures | null {
    const measures = voice.measure();
    if (!measures) return null;
    return {
      ...measures,
      ...(this.#speaker && { speaker: this.#speaker.found }),
      ...(emotion === undefined ? {} : { claims: [{ engine: 'the recogniser', label: emotion }] }),
    };
  }

  #emit(event: ListenerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
