import type { InputMode } from '../../contract/state.ts';
import { TurnTakingSession, type TurnTakingParts } from '../../pipeline/turn-taking-session.ts';
import type { CaptureFrame, PlaybackProgress } from '../../ports/audio-devices.ts';
import type { OpenResampler, Resampler } from '../../ports/resampler.ts';
import type { PastExchange, Responder } from '../../ports/responder.ts';
import type { ToolBox } from '../../ports/tool.ts';
import type { Notice, SessionOptions, VoiceEvent, VoiceSession } from '../../ports/voice-architecture.ts';
import type { SerialisedError } from '../../contract/errors.ts';
import { UtteranceAudio } from '../half-cascade/utterance-audio.ts';
import type { RemoteConnection, RemoteEvent, RemoteProvider, RemoteUsage } from '../remote-voice.ts';
import { RemoteTools } from '../remote-tools.ts';
import { RemoteResponder } from './remote-responder.ts';

/** What takes turns here, and answers first. */
export interface HybridSurroundings extends Omit<TurnTakingParts, 'responder' | 'tts' | 'clock' | 'logger'> {
  /** Who answers first, and `model` where they cannot. */
  localFirst(model: Responder): Responder;
}

export interface HybridParts extends HybridSurroundings, Omit<TurnTakingParts, 'responder'> {
  provider: RemoteProvider;
  openResampler: OpenResampler;
  tools: ToolBox | null;
  instructions: string;
  openMeter?(): (usage: RemoteUsage) => void;
}

const EARS_RATE_HZ = 16_000;

/**
 * A hosted model behind our own turn-taking: the ears of this machine decide when a turn is over, the table of replies and the skills are
 * asked first, and only what they cannot answer is sent to the provider, as sound. What was answered here is told to it as history.
 */
export class HybridSession implements VoiceSession {
  readonly #parts: HybridParts;
  readonly #options: SessionOptions;
  readonly #inner: TurnTakingSession;
  readonly #sound: UtteranceAudio;
  readonly #remote: RemoteResponder;
  readonly #meter: ((usage: RemoteUsage) => void) | undefined;
  /** What was said in turns that have no answer yet. */
  readonly #said = new Map<number, string>();
  #connection!: RemoteConnection;
  #tools: RemoteTools | undefined;
  #resampler: Resampler | undefined;
  #isClosed = false;

  /** Rejects when the provider cannot be connected; nothing is left open then. */
  static async open(parts: HybridParts, options: SessionOptions): Promise<HybridSession> {
    const session = new HybridSession(parts, options);
    try {
      await session.#connect();
      return session;
    } catch (cause) {
      await session.#inner.close();
      throw cause;
    }
  }

  private constructor(parts: HybridParts, options: SessionOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#meter = parts.openMeter?.();
    this.#sound = new UtteranceAudio(parts.listener);
    this.#remote = new RemoteResponder({
      clock: parts.clock,
      connection: () => this.#connection,
      soundOf: (userText) => this.#soundOf(userText),
    });
    this.#inner = new TurnTakingSession(
      { ...parts, listener: this.#sound, responder: parts.localFirst(this.#remote) },
      { ...options, onEvent: (event) => this.#onEvent(event) },
    );
  }

  async #connect(): Promise<void> {
    const { provider, tools, instructions, openResampler } = this.#parts;
    this.#connection = await provider.connect({
      instructions,
      history: this.#options.history,
      tools: tools?.offers() ?? [],
      turnTaking: 'local',
      onEvent: (event) => this.#onRemote(event),
    });
    if (tools) this.#tools = new RemoteTools(tools, this.#connection);
    const { inputRateHz } = this.#connection;
    if (inputRateHz !== EARS_RATE_HZ) {
      this.#resampler = await openResampler({ inputRateHz: EARS_RATE_HZ, outputRateHz: inputRateHz });
    }
  }

  get history(): readonly PastExchange[] {
    return this.#inner.history;
  }

  push(frames: CaptureFrame[]): void {
    this.#inner.push(frames);
  }

  playback(progress: PlaybackProgress): void {
    this.#inner.playback(progress);
  }

  say(text: string): void {
    this.#inner.say(text);
  }

  announce(notice: Notice): void {
    this.#inner.announce(notice);
  }

  stop(): void {
    this.#inner.stop();
  }

  setInputMode(mode: InputMode): void {
    this.#inner.setInputMode(mode);
  }

  setMuted(muted: boolean): void {
    this.#inner.setMuted(muted);
  }

  pushToTalk(held: boolean): void {
    this.#inner.pushToTalk(held);
  }

  listenerLost(error: SerialisedError): void {
    this.#inner.listenerLost(error);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tools?.close();
    await this.#inner.close();
    this.#resampler?.close();
    await this.#connection.close();
  }

  #onRemote(event: RemoteEvent): void {
    if (this.#isClosed) return;
    this.#remote.onRemote(event);
    switch (event.type) {
      case 'tool-call':
        return this.#tools?.call(event, this.#remote.userText);
      case 'tools-cancelled':
        return this.#tools?.cancel(event.callIds);
      case 'usage':
        return this.#meter?.(event.usage);
      case 'problem':
        return this.#parts.logger.warn('the provider reports a problem', { error: event.error });
      case 'closed':
        return void this.#fail(event.error);
      default:
    }
  }

  #onEvent(event: VoiceEvent): void {
    if (event.type === 'user-text' && event.final) this.#said.set(event.turnId, event.text);
    else if (event.type === 'answer-withdrawn') this.#remote.withdrawn();
    else if (event.type === 'answer-ended') this.#answered(event);
    this.#options.onEvent(event);
  }

  #answered(end: Extract<VoiceEvent, { type: 'answer-ended' }>): void {
    const { answeredBy, outcome, heardChars, text, turnId } = end;
    const user = this.#said.get(turnId) ?? '';
    this.#said.delete(turnId);
    if (answeredBy === 'model') return this.#remote.ended(outcome === 'done' ? null : heardChars);
    const heard = text.slice(0, heardChars);
    if (!this.#isClosed && (user !== '' || heard !== '')) this.#connection.tell?.([{ user, heard }]);
  }

  #soundOf(userText: string): Float32Array | null {
    const sound = this.#sound.of(userText);
    if (!sound) return null;
    return this.#resampler ? this.#resampler.process(sound) : sound;
  }

  async #fail(error: SerialisedError): Promise<void> {
    this.#isClosed = true;
    this.#tools?.close();
    await this.#inner.close();
    this.#resampler?.close();
    this.#options.onEvent({ type: 'session-failed', error });
  }
}
