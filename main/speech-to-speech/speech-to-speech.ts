import type { ArchitectureCapabilities, ArchitectureKind } from '../contract/architecture.ts';
import type { SessionOptions, VoiceArchitecture, VoiceSession } from '../ports/voice-architecture.ts';
import { SpeechToSpeechSession, type SpeechToSpeechParts } from './speech-to-speech-session.ts';

/** A provider's model as an architecture among others. */
export class SpeechToSpeech implements VoiceArchitecture {
  readonly #parts: SpeechToSpeechParts;

  constructor(parts: SpeechToSpeechParts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.provider.id;
  }

  get label(): string {
    return this.#parts.provider.label;
  }

  get kind(): ArchitectureKind {
    return this.#parts.provider.kind;
  }

  get capabilities(): ArchitectureCapabilities {
    return this.#parts.provider.capabilities;
  }

  get unavailable(): string | null {
    return this.#parts.provider.unavailable;
  }

  open(options: SessionOptions): Promise<VoiceSession> {
    return SpeechToSpeechSession.open(this.#parts, options);
  }
}
