import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CONTRACT_VERSION, type AppMessage } from '../../../main/contract/messages.ts';
import { WebSocketCloseCode } from '../../../main/contract/web-host.ts';
import { WebSocketTransport } from '../../../main/transport/websocket.ts';
import { FakeApp } from '../../fakes/fake-app.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

let app: FakeApp;
let clock: FakeClock;
let transport: WebSocketTransport;
let server: Server;
let logger: RecordingLogger;

beforeEach(async () => {
  app = new FakeApp();
  clock = new FakeClock();
  logger = new RecordingLogger();
  const sendLimits = { highWaterBytes: 64 * 1024, slowAfterMs: 2000 };
  transport = new WebSocketTransport({ endpoint: app, clock, logger, pingIntervalMs: 1000, sendLimits });
  server = createServer().on('upgrade', (...upgrade) => transport.accept(...upgrade));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await transport.close();
  server.closeAllConnections();
  server.close();
});

async function connect(options: { autoPong?: boolean } = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  await once(socket, 'open');
  return socket;
}

async function greet(socket: WebSocket): Promise<void> {
  const snapshot = new Promise<void>((resolve) =>
    socket.on('message', (data, isBinary) => {
      if (!isBinary && (JSON.parse(String(data)) as AppMessage).type === 'event') resolve();
    }),
  );
  socket.send(JSON.stringify({ id: 0, command: { type: 'hello', contractVersion: CONTRACT_VERSION } }));
  await snapshot;
}

const closing = async (socket: WebSocket) => ((await once(socket, 'close')) as [number])[0];

describe('WebSocketTransport', () => {
  it.each(['text', 'binary'])('closes a client that sends an oversized %s message, and stays up', async (kind) => {
    const socket = await connect();
    await greet(socket);
    const gone = app.whenClosed(0);
    const huge = Buffer.alloc(200 * 1024, 0x20);
    socket.send(kind === 'text' ? huge.toString() : huge);
    expect(await closing(socket)).toBe(1009);
    await gone;
    await greet(await connect());
    expect(app.sessions).toHaveLength(2);
  });

  it('closes a client that sends malformed UTF-8, and stays up', async () => {
    const socket = await connect();
    socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await closing(socket)).toBe(1007);
    await greet(await connect());
  });

  it('keeps a client that answers pings', async () => {
    const socket = await connect();
    for (let i = 0; i < 3; i++) {
      const serverSocket = once(socket, 'ping');
      clock.advance(1000);
      await serverSocket;
      // A message back and forth: the pong, sent before it, has arrived by then.
      await greet(socket);
    }
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('closes a client that does not answer pings', async () => {
    const socket = await connect({ autoPong: false });
    clock.advance(1000);
    clock.advance(1000);
    expect(await closing(socket)).toBe(WebSocketCloseCode.unresponsive);
  });

  it('closes a client that stops reading, without holding on to what it was sent', async () => {
    const socket = await connect();
    await greet(socket);
    socket.pause();
    const gone = app.whenClosed(0);
    const { connection } = app.sessions[0]!;
    // Until the kernel's buffers are full and the rest waits in the send buffer.
    for (let i = 0; i < 400; i++) connection.sendAudio(new ArrayBuffer(64 * 1024));
    clock.advance(2000);
    clock.advance(1000);
    await gone;
    expect(logger.records.map(({ message }) => message)).toContain('slow client closed');
    socket.terminate();
  });

  it('tells how many clients there are', async () => {
    const counts: number[] = [];
    const reached = (count: number) =>
      new Promise<void>((resolve) => transport.onConnectionCount((now) => now === count && resolve()));
    transport.onConnectionCount((count) => counts.push(count));
    const [first, second] = [await connect(), await connect()];
    const none = reached(0);
    first.terminate();
    second.terminate();
    await none;
    expect(counts.at(-1)).toBe(0);
    expect(Math.max(...counts)).toBe(2);
  });

  it('says goodbye when it closes, and leaves no timer behind', async () => {
    const socket = await connect();
    await greet(socket);
    const code = closing(socket);
    await transport.close();
    expect(await code).toBe(WebSocketCloseCode.goingAway);
    expect(app.sessions[0]!.closed).toBe(1);
    expect(clock.pendingCount).toBe(0);
  });

  it('does not wait for ever for a client that does not say goodbye', async () => {
    const socket = await connect();
    socket.pause();
    const closed = transport.close(500);
    clock.advance(500);
    await closed;
    socket.terminate();
  });
});
