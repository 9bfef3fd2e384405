import type { Tts } from '../../ports/tts.ts';
import { serveEngine } from '../serve-engine.ts';
import type { SpeakConfig } from '../speak-config.ts';
import { serveVoice } from '../speak-service.ts';

serveEngine<SpeakConfig>('speak', async (config) => {
  const voice = await openVoice(config);
  return { ...serveVoice(voice), close: () => voice.close() };
});

/** Loads the one engine that the configuration names, and no other's native code. */
async function openVoice(config: SpeakConfig): Promise<Tts> {
  switch (config.engine) {
    case 'hibari':
      return (await import('../../engines/tts/hibari.ts')).HibariTts.load(config);
    case 'piper':
      return (await import('../../engines/tts/sherpa-piper.ts')).loadPiperVoice(config);
    case 'kokoro':
      return (await import('../../engines/tts/sherpa-kokoro.ts')).loadKokoroVoice(config);
    default:
      return config satisfies never;
  }
}
