import { randomBytes } from 'node:crypto';
import { Cascade } from '../../main/cascade/cascade.ts';
import { ResponderChain } from '../../main/cascade/responder-chain.ts';
import { ParleyError } from '../../main/contract/errors.ts';
import { defaultTurnConfig } from '../../main/domain/turn/config.ts';
import type { Responder } from '../../main/ports/responder.ts';
import type { ToolBox } from '../../main/ports/tool.ts';
import { HalfCascade } from '../../main/speech-to-speech/half-cascade/half-cascade.ts';
import { openaiRealtime } from '../../main/speech-to-speech/openai-realtime/openai-realtime.ts';
import type { RemoteProvider } from '../../main/speech-to-speech/remote-voice.ts';
import { RealtimeServer } from '../../main/speech-to-speech/server/realtime-server.ts';
import { SpeechToSpeech } from '../../main/speech-to-speech/speech-to-speech.ts';
import { deafListener } from '../fakes/deaf-listener.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';
import { FakeTts } from '../fakes/fake-tts.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { startScriptedAudioEndpoint } from '../fakes/scripted-audio-endpoint.ts';
import { ScriptedModelProvider, ScriptedModelResponder, type ScriptedModel } from '../fakes/scripted-model.ts';
import { spoken, SpokenEars } from '../fakes/spoken-turns.ts';
import { architectureContract } from './architecture-contract.ts';

const sameRate = () => Promise.resolve({ process: (pcm: Float32Array) => pcm, close() {} });

function cascade(parts: { clock: FakeClock; model: ScriptedModel; tools: ToolBox }): Cascade {
  return new Cascade({
    listener: deafListener,
    responder: new ScriptedModelResponder(parts.model, parts.tools),
    tts: new FakeTts(),
    clock: parts.clock,
    logger: new RecordingLogger(),
    config: () => defaultTurnConfig,
    maxHistoryChars: 4000,
  });
}

function speechToSpeech(
  provider: RemoteProvider,
  { clock, tools }: { clock: FakeClock; tools: ToolBox },
): SpeechToSpeech {
  const logger = new RecordingLogger();
  const tts = new FakeTts();
  return new SpeechToSpeech({ provider, clock, logger, tts, tools, openResampler: sameRate, instructions: '' });
}

architectureContract({
  name: 'the cascade',
  create: (parts) =>
    Promise.resolve({
      architecture: cascade(parts),
      breakDown: () => void (parts.model.failure = new ParleyError({ code: 'engine-failed', stage: 'think' })),
      close: () => Promise.resolve(),
    }),
});

architectureContract({
  name: 'a half-cascade, spoken to',
  create: async ({ clock, model, tools }) => {
    const endpoint = await startScriptedAudioEndpoint(model);
    const ears = new SpokenEars();
    const halfCascade = new HalfCascade({
      listener: ears,
      endpoint: () => ({ url: endpoint.baseUrl, model: 'scripted' }),
      apiKey: () => Promise.resolve(undefined),
      tools: { box: tools, clock },
      guarded: (responder) => responder,
      tts: new FakeTts(),
      clock,
      logger: new RecordingLogger(),
      config: () => defaultTurnConfig,
      maxHistoryChars: 4000,
    });
    const stop = (): Promise<void> => endpoint.stop();
    return { architecture: spoken(halfCascade, { clock, ears }), breakDown: stop, close: stop };
  },
});

architectureContract({
  name: 'a speech-to-speech model',
  create: (parts) => {
    const provider = new ScriptedModelProvider(parts.model);
    return Promise.resolve({
      architecture: speechToSpeech(provider, parts),
      breakDown: () => provider.breakDown(new ParleyError({ code: 'endpoint-unreachable', stage: 'think' })),
      close: () => Promise.resolve(),
    });
  },
});

architectureContract({
  name: 'the loopback',
  create: async (parts) => {
    const { clock, model } = parts;
    const token = randomBytes(16).toString('hex');
    const server = await RealtimeServer.start({
      port: 0,
      token,
      architectureFor: ({ tools }) => cascade({ clock, model, tools }),
      modelName: 'cascade',
      clock,
      logger: new RecordingLogger(),
      openResampler: sameRate,
    });
    const { baseUrl } = server;
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => (closing ??= server.close());
    const provider = openaiRealtime({ clock, baseUrl, apiKey: () => Promise.resolve(token), hasKey: () => true });
    return { architecture: speechToSpeech(provider, parts), breakDown: close, close };
  },
});

architectureContract({
  name: 'a speech-to-speech model behind our own turns',
  create: (parts) => {
    const provider = new ScriptedModelProvider(parts.model, { localTurns: true });
    const { clock, tools } = parts;
    const shared = { clock, logger: new RecordingLogger(), tts: new FakeTts(), openResampler: sameRate };
    const hybrid = {
      isOn: () => true,
      parts: {
        listener: deafListener,
        config: () => defaultTurnConfig,
        maxHistoryChars: 4000,
        localFirst: (model: Responder) => new ResponderChain({ stages: [], model }),
      },
    };
    return Promise.resolve({
      architecture: new SpeechToSpeech({ ...shared, provider, tools, instructions: '' }, hybrid),
      breakDown: () => provider.breakDown(new ParleyError({ code: 'endpoint-unreachable', stage: 'think' })),
      close: () => Promise.resolve(),
    });
  },
});
