import { TurnTakingSession, type TurnTakingParts } from '../pipeline/turn-taking-session.ts';
import type { SessionOptions, VoiceArchitecture } from '../ports/voice-architecture.ts';

export const CASCADE_CAPABILITIES = {
  ownTurnDetection: true,
  truncation: true,
  tools: true,
  customVoice: true,
  lineByLineTranscript: true,
  offline: true,
};

/** Speech recognition → text → speech synthesis, with every word there to be looked at on the way. */
export class Cascade implements VoiceArchitecture {
  readonly id = 'cascade';
  readonly label = 'Cascade on this machine';
  readonly kind = 'cascade';
  readonly capabilities = CASCADE_CAPABILITIES;
  readonly unavailable = null;
  readonly #parts: TurnTakingParts;

  constructor(parts: TurnTakingParts) {
    this.#parts = parts;
  }

  open(options: SessionOptions): Promise<TurnTakingSession> {
    return Promise.resolve(new TurnTakingSession(this.#parts, options));
  }
}
