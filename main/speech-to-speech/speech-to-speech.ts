import type { ArchitectureCapabilities, ArchitectureKind } from '../contract/architecture.ts';
import type { SessionOptions, VoiceArchitecture, VoiceSession } from '../ports/voice-architecture.ts';
import { HybridSession, type HybridSurroundings } from './hybrid/hybrid-session.ts';
import { SpeechToSpeechSession, type SpeechToSpeechParts } from './speech-to-speech-session.ts';

export interface HybridChoice {
  /** Asked when a session is opened. */
  isOn(): boolean;
  parts: HybridSurroundings;
}

/** A provider's model as an architecture among others. */
export class SpeechToSpeech implements VoiceArchitecture {
  readonly #parts: SpeechToSpeechParts;
  readonly #hybrid: HybridChoice | undefined;

  /** `hybrid`: how the table of replies and the skills can answer first. Default: they never do. */
  constructor(parts: SpeechToSpeechParts, hybrid?: HybridChoice) {
    this.#parts = parts;
    this.#hybrid = hybrid;
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
    const hybrid = this.capabilities.localTurns && this.#hybrid?.isOn() ? this.#hybrid.parts : null;
    if (hybrid) return HybridSession.open({ ...hybrid, ...this.#parts }, options);
    return SpeechToSpeechSession.open(this.#parts, options);
  }
}
