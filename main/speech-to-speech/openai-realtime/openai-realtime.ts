import { hostedProvider } from '../connection/vendor.ts';
import type { RemoteProvider } from '../remote-voice.ts';
import { RealtimeDialect, type RealtimeParts } from './realtime-dialect.ts';

/** OpenAI's Realtime models, or another server that speaks their protocol (docs/speech-to-speech.md). */
export function openaiRealtime(parts: RealtimeParts): RemoteProvider {
  const label = 'OpenAI Realtime';
  return hostedProvider(
    {
      id: 'openai-realtime',
      label,
      variable: 'OPENAI_API_KEY',
      capabilities: {
        ownTurnDetection: true,
        localTurns: true,
        truncation: true,
        tools: true,
        customVoice: false,
        lineByLineTranscript: false,
        offline: false,
      },
      dialect: () => new RealtimeDialect(parts, label),
    },
    parts,
  );
}
