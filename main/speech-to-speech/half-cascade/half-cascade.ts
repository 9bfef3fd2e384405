import type { ResponderTools } from '../../cascade/llm-responder.ts';
import { TurnTakingSession, type TurnTakingParts } from '../../pipeline/turn-taking-session.ts';
import type { Responder } from '../../ports/responder.ts';
import type { SessionOptions, VoiceArchitecture } from '../../ports/voice-architecture.ts';
import { AudioResponder } from './audio-responder.ts';
import type { AudioEndpoint } from './hearing-llm.ts';
import { UtteranceAudio } from './utterance-audio.ts';

export interface HalfCascadeParts extends Omit<TurnTakingParts, 'responder'> {
  /** Null: none was chosen. */
  endpoint(): AudioEndpoint | null;
  apiKey(): Promise<string | undefined>;
  /** What the model may use. Default: nothing. */
  tools?: ResponderTools;
  /** Puts the user's rules before and behind whoever answers. */
  guarded(responder: Responder): Responder;
}

/**
 * A model that hears, and our ears for the turns and our voice for the answers. The words that the ears write down are shown, kept as history, and
 * decide when a turn is over; what the model is asked is the sound.
 */
export class HalfCascade implements VoiceArchitecture {
  readonly id = 'half-cascade';
  readonly label = 'Half-cascade: a model that hears, our voice';
  readonly kind = 'half-cascade';
  readonly capabilities = {
    ownTurnDetection: true,
    truncation: true,
    tools: true,
    customVoice: true,
    lineByLineTranscript: true,
    guardrails: true,
    offline: false,
  };
  readonly #parts: HalfCascadeParts;

  constructor(parts: HalfCascadeParts) {
    this.#parts = parts;
  }

  get unavailable(): string | null {
    if (this.#parts.endpoint()) return null;
    return 'It needs a model that takes sound, such as Ultravox or Qwen-Omni, behind an OpenAI-compatible server: set PARLEY_AUDIO_ENDPOINT_URL and PARLEY_AUDIO_ENDPOINT_MODEL.';
  }

  open(options: SessionOptions): Promise<TurnTakingSession> {
    const { endpoint, apiKey, guarded, tools, ...parts } = this.#parts;
    const listener = new UtteranceAudio(parts.listener);
    const responder = new AudioResponder({
      endpoint: endpoint()!,
      clock: parts.clock,
      logger: parts.logger,
      ...(tools ? { tools } : {}),
      apiKey,
      soundOf: (userText) => listener.of(userText),
    });
    return Promise.resolve(new TurnTakingSession({ ...parts, listener, responder: guarded(responder) }, options));
  }
}
