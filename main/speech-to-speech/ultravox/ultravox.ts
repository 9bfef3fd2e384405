import { hostedProvider, type VendorParts } from '../connection/vendor.ts';
import type { RemoteProvider } from '../remote-voice.ts';
import { UltravoxDialect } from './ultravox-dialect.ts';

/** Ultravox Realtime (docs/speech-to-speech.md tells what of it is used). */
export function ultravox(parts: VendorParts): RemoteProvider {
  const label = 'Ultravox';
  return hostedProvider(
    {
      id: 'ultravox',
      label,
      variable: 'ULTRAVOX_API_KEY',
      capabilities: {
        ownTurnDetection: true,
        // The server counts what it has sent as said; where we cut an answer off ourselves it is told in words.
        truncation: false,
        tools: true,
        customVoice: false,
        lineByLineTranscript: false,
        offline: false,
      },
      dialect: () => new UltravoxDialect(parts, label),
    },
    parts,
  );
}
