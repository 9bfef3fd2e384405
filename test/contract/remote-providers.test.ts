import { geminiLive } from '../../main/speech-to-speech/gemini-live/gemini-live.ts';
import { openAiLive } from '../../main/speech-to-speech/openai-live/openai-live.ts';
import { openaiRealtime } from '../../main/speech-to-speech/openai-realtime/openai-realtime.ts';
import { ultravox } from '../../main/speech-to-speech/ultravox/ultravox.ts';
import { remoteProviderContract } from './remote-provider-contract.ts';

remoteProviderContract({ name: 'gemini', provider: geminiLive });

remoteProviderContract({
  name: 'ultravox',
  provider: ultravox,
  without: {
    'tool-cancelled': 'a call is not taken back',
    'go-away': 'a call ends without notice; it is remade like a lost one',
  },
});

remoteProviderContract({
  name: 'openai-live',
  provider: (parts) => openAiLive({ ...parts, baseUrl: `${parts.baseUrl}/v1` }),
  without: {
    'tool-cancelled': 'a call is not taken back',
    'go-away': 'a session ends without notice; it is remade like a lost one',
    interrupt: 'nobody says so: the model falls silent by itself',
  },
});

remoteProviderContract({
  name: 'openai-realtime',
  provider: (parts) => openaiRealtime({ ...parts, baseUrl: `${parts.baseUrl}/v1` }),
  without: { 'tool-cancelled': 'a call is not taken back' },
});
