import type { SpeechRequest, Tts } from '../ports/tts.ts';
import type { RpcHandlers } from './rpc-peer.ts';

/** What the child says once its voice is loaded; the rate of a user's own voice is not known before. */
export interface VoiceDescription {
  sampleRateHz: number;
}

/** The speak child's end of a voice; `SpeakClient` is the app's. */
export function serveVoice(voice: Tts): RpcHandlers {
  return {
    calls: {
      describe: async (): Promise<VoiceDescription> => ({ sampleRateHz: voice.sampleRateHz }),
    },
    streams: {
      synthesize: (request: SpeechRequest, { signal }) => voice.synthesize(request, { signal }),
    },
  };
}
