import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ParleyError } from '../../../main/contract/errors.ts';
import { fileSink, JsonLogger, logLevelFrom, type LogLevel } from '../../../main/platform/json-logger.ts';

function capture(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const logger = new JsonLogger({
    sinks: [{ level, write: (line) => lines.push(line) }],
    now: () => '2030-01-01T00:00:00.000Z',
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> };
}

describe('JsonLogger', () => {
  it('writes one JSON object a line with time, level, message and fields', () => {
    const { logger, lines, last } = capture();
    logger.info('child is ready', { child: 'listen', tookMs: 12 });
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      time: '2030-01-01T00:00:00.000Z',
      level: 'info',
      message: 'child is ready',
      child: 'listen',
      tookMs: 12,
    });
  });

  it('leaves out what is below the level of a sink', () => {
    const { logger, lines } = capture('warn');
    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['c', 'd']);
  });

  it('writes nothing at all when silent', () => {
    const { logger, lines } = capture('silent');
    logger.error('a');
    expect(lines).toEqual([]);
  });

  it('carries the fields of its parents, and the message wins over a field of that name', () => {
    const { logger, last } = capture();
    logger.child({ part: 'app' }).child({ turnId: 't1' }).info('turn began', { message: 'no', level: 'no' });
    expect(last()).toMatchObject({ part: 'app', turnId: 't1', message: 'turn began', level: 'info' });
  });

  it('redacts pii and secret fields, dotted or nested, at any depth', () => {
    const { logger, lines } = capture();
    logger.info('x', {
      'pii.text': 'SPOKEN',
      'secret.apiKey': 'KEY',
      pii: { text: 'SPOKEN' },
      deep: { list: [{ 'Secret.token': 'KEY', ok: 1 }], map: new Map([['pii.name', 'SPOKEN']]) },
    });
    expect(lines[0]).not.toMatch(/SPOKEN|KEY/);
    expect(lines[0]).toContain('"ok":1');
  });

  it('redacts fields of child loggers', () => {
    const { logger, lines } = capture();
    logger.child({ 'pii.user': 'SPOKEN' }).info('x');
    expect(lines[0]).not.toContain('SPOKEN');
  });

  it('writes errors with their causes and redacts what hangs on them', () => {
    const { logger, lines, last } = capture();
    const root = Object.assign(new Error('root'), { 'pii.prompt': 'SPOKEN', status: 503 });
    const cause = new Error('middle', { cause: root });
    logger.error('failed', {
      error: new ParleyError({ code: 'engine-failed', stage: 'think', message: 'outer', cause }),
    });
    expect(last().error).toMatchObject({
      name: 'ParleyError',
      message: 'outer',
      code: 'engine-failed',
      stage: 'think',
      cause: { message: 'middle', cause: { message: 'root', status: 503 } },
    });
    expect(lines[0]).not.toContain('SPOKEN');
  });

  it('survives cycles, binary data, big integers and very long strings', () => {
    const { logger, lines, last } = capture();
    const cycle: Record<string, unknown> = { n: 10n, pcm: new Float32Array(160), long: 'x'.repeat(100_000) };
    cycle.self = cycle;
    logger.info('x', { cycle });
    expect(last().cycle).toMatchObject({ n: '10n', pcm: '[Float32Array 640 bytes]', self: '[circular]' });
    expect(lines[0]!.length).toBeLessThan(5000);
  });
});

describe('PARLEY_LOG', () => {
  it('chooses the level, and anything unknown means the fallback', () => {
    expect(logLevelFrom('DEBUG', 'warn')).toBe('debug');
    expect(logLevelFrom('loud', 'warn')).toBe('warn');
    expect(logLevelFrom(undefined, 'info')).toBe('info');
  });
});

describe('fileSink', () => {
  const dir = mkdtempSync(join(tmpdir(), 'parley-log-'));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('appends to a file that only the user can read, and starts a new one when it has grown large', () => {
    const file = join(dir, 'logs', 'parley.log');
    const first = fileSink(file, 'info');
    first.write('a\n');
    first.close();
    expect(statSync(file).mode & 0o077).toBe(0);
    writeFileSync(file, Buffer.alloc(6 * 1024 * 1024));
    const second = fileSink(file, 'info');
    second.write('b\n');
    second.close();
    expect(readFileSync(file, 'utf8')).toBe('b\n');
    expect(statSync(`${file}.1`).size).toBe(6 * 1024 * 1024);
  });

  it('goes on without a file where none can be written', () => {
    const sink = fileSink(join('/dev/null', 'parley.log'), 'info');
    expect(() => sink.write('a\n')).not.toThrow();
  });
});
