import type { SerialisedError } from '../../contract/errors.ts';
import type { PastExchange } from '../../ports/responder.ts';
import type { ToolOffer } from '../../ports/tool.ts';
import type { RemoteConnection, RemoteEvent, TurnTaking } from '../remote-voice.ts';

/** What a line tells; `closed` and `turn-lost` are for the connection to say, which may open another line. */
export type LineEvent = Exclude<RemoteEvent, { type: 'closed' | 'turn-lost' }>;

export interface LineListener {
  onEvent(event: LineEvent): void;
  /** Something of substance has come, whether it makes an event or not; keep-alive messages are none. */
  onAlive(): void;
  /** The provider will hang up in this time. */
  onLeaveSoon(withinMs: number): void;
  /** The last call; not after `close`. What is not retryable ends the connection. */
  onLost(error: SerialisedError): void;
}

export interface LineOptions {
  instructions: string;
  history: readonly PastExchange[];
  tools: readonly ToolOffer[];
  turnTaking: TurnTaking;
  listener: LineListener;
  signal: AbortSignal;
}

/** One socket to a provider, configured. It lives until it is lost; nothing of it throws. */
export interface Line extends Pick<
  RemoteConnection,
  'sendText' | 'beginTurn' | 'endTurn' | 'cancelAnswer' | 'sendToolResult' | 'tell'
> {
  /** Little-endian 16-bit at the dialect's `inputRateHz`. */
  sendAudio(pcm16: Buffer): void;
  /** False: only a new line can change it. */
  setTurnTaking(turnTaking: TurnTaking): boolean;
  close(): void;
}

/** A protocol: how a line is opened and configured. It keeps what outlives a line (a handle to resume by, the numbering of answers). */
export interface Dialect {
  /** Whom it speaks to, for errors. */
  readonly label: string;
  readonly inputRateHz: number;
  /** The protocol's time stands still, and its detector waits, unless audio comes: silence is sent where nobody sends any. */
  readonly needsConstantAudio: boolean;
  /** Rejects with a ParleyError; abort rejects with `cancelled`. Leaves nothing open then. */
  open(options: LineOptions): Promise<Line>;
}
