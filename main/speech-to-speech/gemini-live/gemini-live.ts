import type { RemoteProvider } from '../remote-voice.ts';
import { hostedProvider, type VendorParts } from '../connection/vendor.ts';
import { GeminiDialect } from './gemini-dialect.ts';

/** Google's Live API with a key of its developer platform (docs/speech-to-speech.md tells what of it is used). */
export function geminiLive(parts: VendorParts): RemoteProvider {
  const label = 'Gemini Live';
  return hostedProvider(
    {
      id: 'gemini-live',
      label,
      variable: 'GEMINI_API_KEY',
      capabilities: {
        ownTurnDetection: true,
        localTurns: true,
        // There is no event for it: what was not heard stays in the model's memory until the line is remade.
        truncation: false,
        tools: true,
        customVoice: false,
        lineByLineTranscript: false,
        offline: false,
      },
      dialect: () => new GeminiDialect(parts, label),
    },
    parts,
  );
}
