import type { AppMessage } from '../../main/contract/messages.ts';
import { connectInMemory } from '../../main/transport/in-memory.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { describeTransport } from './transport-contract.ts';

describeTransport('in memory', async (endpoint) => ({
  async connect() {
    const messageListeners: ((message: AppMessage) => void)[] = [];
    const audioListeners: ((frame: Uint8Array) => void)[] = [];
    const client = connectInMemory({
      endpoint,
      logger: new RecordingLogger(),
      onMessage: (message) => messageListeners.forEach((listener) => listener(message)),
      onAudio: (frame) => audioListeners.forEach((listener) => listener(frame)),
    });
    return {
      send: (message) => client.send(message),
      sendGarbage: () => client.send(undefined),
      sendAudio: (frame) => client.sendAudio(frame),
      onMessage: (listener) => void messageListeners.push(listener),
      onAudio: (listener) => void audioListeners.push(listener),
      close: () => client.close(),
    };
  },
  close: async () => {},
}));
