/** What the server sends beside sound (docs.ultravox.ai/apps/datamessages). Fields are as they come: anything may be missing. */
export type UltravoxMessage =
  | { type: 'call_started' | 'pong' | 'debug' }
  | { type: 'state'; state?: 'idle' | 'listening' | 'thinking' | 'speaking' }
  | UltravoxTranscript
  | { type: 'client_tool_invocation'; toolName: string; invocationId: string; parameters?: unknown }
  | { type: 'playback_clear_buffer' };

export interface UltravoxTranscript {
  type: 'transcript';
  role?: 'user' | 'agent';
  medium?: 'text' | 'voice';
  /** The whole so far; otherwise `delta` is what is new. */
  text?: string | null;
  delta?: string | null;
  final?: boolean;
  ordinal?: number;
}
