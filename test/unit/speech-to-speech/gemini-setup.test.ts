import { GoogleGenAI, Modality } from '@google/genai';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { geminiHistory, geminiSetup } from '../../../main/speech-to-speech/gemini-live/gemini-setup.ts';
import { geminiUsage } from '../../../main/speech-to-speech/gemini-live/gemini-usage.ts';

const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const tools = [{ name: 'weather', description: 'The weather of a city.', parameters }];

/** What Google's own client sends first. */
async function sentBySdk(): Promise<unknown> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connected = once(server, 'connection') as Promise<[WebSocket]>;
  const session = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl } }).live.connect({
    model: 'gemini-3.8-live',
    config: {
      responseModalities: [Modality.AUDIO],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } } },
      systemInstruction: { role: 'user', parts: [{ text: 'Be short.' }] },
      tools: [
        {
          functionDeclarations: tools.map(({ name, description }) => ({
            name,
            description,
            parametersJsonSchema: parameters,
          })),
        },
      ],
      realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
      sessionResumption: { handle: 'h1' },
      contextWindowCompression: { slidingWindow: {} },
      inputAudioTranscription: {},
      outputAudioTranscription: {},
    },
    callbacks: { onmessage: () => {} },
  });
  const [socket] = await connected;
  const [message] = (await once(socket, 'message')) as [Buffer];
  socket.send(JSON.stringify({ setupComplete: {} }));
  (await session).close();
  server.close();
  return JSON.parse(message.toString('utf8'));
}

test('sets a session up with the words that Google’s own client uses', async () => {
  const model = 'gemini-3.8-live';
  const ours = { model, voice: 'Puck', instructions: 'Be short.', tools, handle: 'h1', seedsHistory: false };
  expect({ setup: geminiSetup({ ...ours, turnTaking: 'local' }) }).toEqual(await sentBySdk());
});

test('models before 3 are given the history without a mark that asks for an answer', () => {
  const history = [{ user: '', heard: 'A timer rings.' }];
  expect(geminiHistory(history, 'gemini-2.5-flash-native-audio-preview').clientContent).toEqual({
    turns: [{ role: 'model', parts: [{ text: 'A timer rings.' }] }],
    turnComplete: false,
  });
  expect(geminiHistory(history, 'gemini-3.8-live').clientContent.turnComplete).toBe(true);
});

test('counts tokens by what they are, and thoughts as words', () => {
  const details = [{ modality: 'AUDIO', tokenCount: 100 }] as never;
  const usage = { promptTokenCount: 120, promptTokensDetails: details, responseTokenCount: 30, thoughtsTokenCount: 5 };
  expect(geminiUsage(usage)).toEqual({
    inputAudioTokens: 100,
    inputTextTokens: 20,
    cachedTokens: 0,
    outputAudioTokens: 0,
    outputTextTokens: 35,
  });
});
