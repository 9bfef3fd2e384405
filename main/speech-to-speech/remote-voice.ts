import type { ArchitectureCapabilities, ArchitectureKind } from '../contract/architecture.ts';
import type { SerialisedError } from '../contract/errors.ts';
import type { ClaimedEmotion } from '../contract/speech-to-speech.ts';
import type { PastExchange } from '../ports/responder.ts';
import type { ToolOffer } from '../ports/tool.ts';

/**
 * What a provider tells, in the least that all protocols share. It is duplex first: any event may come at any time, and a protocol without
 * turns simply never sends `speech-started`. Ids are the provider's own.
 */
export type RemoteEvent =
  /** The provider's own detector says that the user begins, or has ended. What is being said is cut off by `speech-started`. */
  | { type: 'speech-started'; itemId?: string }
  | { type: 'speech-stopped' }
  /** What the user said, so far or finally, by the provider's recogniser. The whole text each time. */
  | { type: 'user-text'; itemId: string; text: string; final: boolean; claimedEmotion?: ClaimedEmotion }
  | { type: 'answer-started'; answerId: string }
  | { type: 'answer-audio'; answerId: string; pcm: Float32Array; sampleRateHz: number }
  /** Appended to the words of the answer. */
  | { type: 'answer-text'; answerId: string; text: string }
  /** Nothing more of this answer comes. `cancelled`: the provider has dropped the rest, and what was sent but not played is void. */
  | { type: 'answer-done'; answerId: string; status: 'complete' | 'cancelled' | 'failed'; error?: SerialisedError }
  | { type: 'tool-call'; callId: string; name: string; arguments: string }
  /** The provider no longer wants the result of these. */
  | { type: 'tools-cancelled'; callIds: string[] }
  /** What the user was saying, or had said without being answered yet, was lost with its line: no answer to it comes. Before the `problem`. */
  | { type: 'turn-lost'; error: SerialisedError }
  | { type: 'usage'; usage: RemoteUsage }
  /** Something went wrong that the connection survives. */
  | { type: 'problem'; error: SerialisedError }
  /** The last event: the connection is gone and the provider's adapter has tried what it can. */
  | { type: 'closed'; error: SerialisedError };

/** By the provider's own meter; what it does not tell is absent. */
export interface RemoteUsage {
  inputAudioTokens?: number;
  inputTextTokens?: number;
  cachedTokens?: number;
  outputAudioTokens?: number;
  outputTextTokens?: number;
  /** Where sound is paid by time: since the connection, or its last remaking, began. The others count from event to event. */
  audioSecondsSoFar?: number;
}

/** A provider's live connection. Methods never throw: what cannot be sent is told by an event. */
export interface RemoteConnection {
  /** Of the audio that `sendAudio` takes. */
  readonly inputRateHz: number;
  /** Mono −1…1. Dropped while the connection is being remade. */
  sendAudio(pcm: Float32Array): void;
  /** A typed turn, to be answered. */
  sendText(text: string): void;
  /** Who ends turns from now on. */
  setTurnTaking(turnTaking: TurnTaking): void;
  /** With local turn-taking (push-to-talk): the user begins; the user is done and is to be answered. */
  beginTurn(): void;
  endTurn(): void;
  /**
   * The rest of this answer is not wanted, and of what came `heardMs` were heard (`heardText`, as far as known). Safe for an answer that has
   * ended. The adapter tells the provider as far as its protocol can: stop, and forget what was not heard.
   */
  cancelAnswer(answer: { answerId: string; heardMs: number; heardText: string; isOver: boolean }): void;
  /** Said and answered elsewhere: the provider is to know it, and not to answer it. Absent: it cannot be told. */
  tell?(exchanges: readonly PastExchange[]): void;
  sendToolResult(result: { callId: string; name: string; output: string; failed: boolean }): void;
  close(): Promise<void>;
}

/** `provider`: its own detector ends turns; `local`: we call beginTurn and endTurn. */
export type TurnTaking = 'provider' | 'local';

export interface ConnectOptions {
  /** What the model is told of itself. */
  instructions: string;
  /** What was said and heard before. */
  history: readonly PastExchange[];
  tools: readonly ToolOffer[];
  turnTaking: TurnTaking;
  onEvent(event: RemoteEvent): void;
  signal?: AbortSignal;
}

/** One way to a speech-to-speech model: a protocol and whom it is spoken with. */
export interface RemoteProvider {
  /** Also the id of the architecture. */
  readonly id: string;
  readonly label: string;
  readonly kind: ArchitectureKind;
  readonly capabilities: ArchitectureCapabilities;
  /** Why it cannot be connected now (no key) and what to do, in words; null: it can. */
  readonly unavailable: string | null;
  /** Resolves when the session is configured. Rejects with `endpoint-unreachable`, `endpoint-refused`, `endpoint-rate-limited` or `cancelled`. */
  connect(options: ConnectOptions): Promise<RemoteConnection>;
}
