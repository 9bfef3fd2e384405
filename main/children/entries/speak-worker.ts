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
      return warmedUp(await (await import('../../engines/tts/hibari.ts')).HibariTts.load(config));
    case 'piper':
      return (await import('../../engines/tts/sherpa-piper.ts')).loadPiperVoice(config);
    case 'kokoro':
      return (await import('../../engines/tts/sherpa-kokoro.ts')).loadKokoroVoice(config);
    default:
      return config satisfies never;
  }
}

/** The first run of a model is slower (memory is laid out): better now than in the first answer. Not for voices that are slow anyway. */
async function warmedUp(voice: Tts): Promise<Tts> {
  for await (const _chunk of voice.synthesize({ text: 'I am ready to answer.' }));
  return voice;
}
