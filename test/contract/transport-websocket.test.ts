import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import type { AppMessage } from '../../main/contract/messages.ts';
import { WebSocketTransport } from '../../main/transport/websocket.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { describeTransport } from './transport-contract.ts';

describeTransport('WebSocket', async (endpoint) => {
  const transport = new WebSocketTransport({ endpoint, clock: new FakeClock(), logger: new RecordingLogger() });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => transport.accept(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async connect() {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      await once(socket, 'open');
      return {
        send: (message) => socket.send(JSON.stringify(message)),
        sendGarbage: () => socket.send('{"id": 1,'),
        sendAudio: (frame) => socket.send(frame),
        onMessage: (listener) =>
          void socket.on('message', (data, isBinary) => {
            if (!isBinary) listener(JSON.parse(String(data)) as AppMessage);
          }),
        onAudio: (listener) =>
          void socket.on('message', (data, isBinary) => {
            if (isBinary) listener(new Uint8Array(data as Buffer));
          }),
        close: () => socket.terminate(),
      };
    },
    async close() {
      await transport.close();
      server.close();
      await once(server, 'close');
    },
  };
});
