import { hostedProvider, type VendorParts } from '../connection/vendor.ts';
import type { RemoteProvider } from '../remote-voice.ts';
import { LiveDialect } from './live-dialect.ts';

/** OpenAI's sessions without turns. Experimental: written to the documentation, never held against the vendor (docs/speech-to-speech.md). */
export function openAiLive(parts: VendorParts): RemoteProvider {
  return hostedProvider(
    {
      id: 'openai-live',
      label: 'GPT-Live (experimental)',
      variable: 'OPENAI_API_KEY',
      capabilities: {
        ownTurnDetection: true,
        truncation: false,
        tools: true,
        customVoice: false,
        lineByLineTranscript: false,
        offline: false,
      },
      dialect: () => new LiveDialect(parts, 'GPT-Live'),
    },
    parts,
  );
}
