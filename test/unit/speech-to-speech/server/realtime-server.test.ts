import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { RealtimeServer } from '../../../../main/speech-to-speech/server/realtime-server.ts';
import { FakeArchitecture } from '../../../fakes/fake-architecture.ts';
import { FakeClock, settle } from '../../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

const TOKEN = 'the-token';
const clock = new FakeClock();
const architecture = new FakeArchitecture('fake');
const clients: boolean[] = [];
let server: RealtimeServer | undefined;

afterEach(async () => {
  await server?.close();
  clients.length = 0;
});

async function start(): Promise<void> {
  server = await RealtimeServer.start({
    port: 0,
    token: TOKEN,
    architectureFor: () => architecture,
    modelName: 'parley-cascade',
    clock,
    logger: new RecordingLogger(),
    openResampler: () => Promise.resolve({ process: (pcm) => pcm, close() {} }),
    onClient: (client) => void clients.push(client !== null),
  });
}

function connect(options: { headers?: Record<string, string>; protocols?: string[]; path?: string } = {}): WebSocket {
  const { headers = { authorization: `Bearer ${TOKEN}` }, protocols = [], path = '/v1/realtime?model=x' } = options;
  return new WebSocket(`ws://127.0.0.1:${server!.port}${path}`, protocols, { headers });
}

/** What the client is told first, or the status that it was refused with. */
async function first(socket: WebSocket): Promise<string | number> {
  return new Promise((resolve) => {
    socket.once('message', (data) => resolve((JSON.parse((data as Buffer).toString()) as { type: string }).type));
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode!);
    });
    socket.on('error', () => {});
  });
}

test('a client with the token is let in, by header and from a browser by subprotocol', async () => {
  await start();
  const one = connect();
  expect(await first(one)).toBe('session.created');
  one.close();
  await once(one, 'close');
  // Only when the conversation before has been ended.
  while (clients.at(-1) !== false) await new Promise((resolve) => setImmediate(resolve));
  const protocols = ['realtime', `openai-insecure-api-key.${TOKEN}`];
  const two = connect({ headers: { origin: 'http://localhost:3000' }, protocols });
  expect(await first(two)).toBe('session.created');
  expect(two.protocol).toBe('realtime');
});

test.each([
  ['without a token', { headers: {} }, 401],
  ['with another token', { headers: { authorization: 'Bearer the-tokem' } }, 401],
  ['from a page elsewhere', { headers: { authorization: `Bearer ${TOKEN}`, origin: 'https://example.com' } }, 403],
  ['for another path', { path: '/v1/other' }, 404],
])('a client %s is refused', async (_, options, status) => {
  await start();
  expect(await first(connect(options))).toBe(status);
  expect(clients).toEqual([]);
});

test('a second client is told that somebody else is in conversation, who is not disturbed', async () => {
  await start();
  const one = connect();
  await first(one);
  const two = connect();
  await once(two, 'open');
  await settle();
  clock.advance(500);
  expect(await first(two)).toBe('error');
  const [code] = (await once(two, 'close')) as [number];
  expect(code).toBe(1013);
  one.send('{"type":"session.update","session":{"type":"realtime"}}');
  expect(await first(one)).toBe('session.updated');
  expect(clients).toEqual([true]);
});

test('a client that comes back is waited for until its old connection is gone', async () => {
  await start();
  const one = connect();
  await first(one);
  const two = connect();
  await once(two, 'open');
  one.close();
  expect(await first(two)).toBe('session.created');
  expect(clients).toEqual([true, false, true]);
});

test('a client that answers no pings is given up, and the next one is let in', async () => {
  await start();
  const one = connect();
  await first(one);
  one.pause();
  clock.advance(15_000);
  clock.advance(15_000);
  while (clients.at(-1) !== false) await new Promise((resolve) => setImmediate(resolve));
  expect(await first(connect())).toBe('session.created');
  one.terminate();
});

test('a message that is too large ends the connection of who sent it', async () => {
  await start();
  const one = connect();
  await first(one);
  one.send('x'.repeat(3 * 2 ** 20));
  const [code] = (await once(one, 'close')) as [number];
  expect(code).toBe(1009);
});

test('closing says so to the client and ends its conversation', async () => {
  await start();
  const one = connect();
  await first(one);
  one.send(JSON.stringify({ type: 'input_audio_buffer.append', audio: '' }));
  while (architecture.sessions.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const closed = once(one, 'close');
  await server!.close();
  expect(((await closed) as [number])[0]).toBe(1001);
  expect(architecture.session.isClosed).toBe(true);
});
