import { TurnTakingSession, type TurnTakingParts } from '../pipeline/turn-taking-session.ts';
import type { SessionOptions, VoiceArchitecture } from '../ports/voice-architecture.ts';

/** Speech recognition → text → speech synthesis, with every word there to be looked at on the way. */
export class Cascade implements VoiceArchitecture {
  readonly id = 'cascade';
  readonly label = 'Cascade on this machine';
  readonly capabilities = {
    ownTurnDetection: true,
    truncation: true,
    tools: false,
    customVoice: true,
    lineByLineTranscript: true,
    offline: true,
  };
  readonly #parts: TurnTakingParts;

  constructor(parts: TurnTakingParts) {
    this.#parts = parts;
  }

  open(options: SessionOptions): Promise<TurnTakingSession> {
    return Promise.resolve(new TurnTakingSession(this.#parts, options));
  }
}
