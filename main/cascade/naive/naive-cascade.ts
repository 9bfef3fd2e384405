import { fixedSilence } from '../../domain/endpointing/fixed-silence.ts';
import { defaultTurnConfig } from '../../domain/turn/config.ts';
import { TurnTakingSession, type TurnTakingParts } from '../../pipeline/turn-taking-session.ts';
import type { SessionOptions, VoiceArchitecture } from '../../ports/voice-architecture.ts';
import { CASCADE_CAPABILITIES } from '../cascade.ts';
import { WholeAnswerResponder, WholeSpeechTts } from './whole-answer.ts';

/** What most first voice assistants wait for. */
const SILENCE_MS = 1500;

/**
 * The same engines, put together as a first attempt would be: 1.5 s of silence end a turn, the model gets every turn, nothing is begun
 * ahead, and each stage waits for the last word of the one before. The baseline of our own figures; nobody should talk to it.
 */
export class NaiveCascade implements VoiceArchitecture {
  static readonly id = 'naive-cascade';
  readonly id = NaiveCascade.id;
  readonly label = 'Naive cascade';
  readonly kind = 'cascade';
  readonly capabilities = CASCADE_CAPABILITIES;
  readonly unavailable = null;
  readonly #parts: TurnTakingParts;

  constructor(parts: Omit<TurnTakingParts, 'config'>) {
    const config = { ...defaultTurnConfig, endpointing: fixedSilence(SILENCE_MS), maxSpeculations: 0 };
    this.#parts = {
      ...parts,
      config: () => config,
      responder: new WholeAnswerResponder(parts.responder),
      tts: new WholeSpeechTts(parts.tts),
    };
  }

  open(options: SessionOptions): Promise<TurnTakingSession> {
    return Promise.resolve(new TurnTakingSession(this.#parts, options));
  }
}
