import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeAudioFrame } from '../../main/contract/audio-frame.ts';
import { appMessageSchema, CONTRACT_VERSION, type Command } from '../../main/contract/messages.ts';
import type { AgentLine } from '../../main/contract/state.ts';
import { WEBSOCKET_PATH } from '../../main/contract/web-host.ts';
import { deferred } from '../../main/lib/deferred.ts';
import { missingModels, modelsDir } from '../fixtures/real-app.ts';

const reason = missingModels();
if (reason) console.warn(`skipped: test/fault/timer-restart: ${reason}`);

const mainFile = join(import.meta.dirname, '../../main/node-main.ts');

/** The program as a process of its own, and a window that is its loudspeaker: it plays everything the moment it comes. */
class AppProcess {
  /** Samples that were not silent, by answer. */
  readonly sounded = new Map<number, number>();
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #socket: WebSocket | undefined;
  #lastId = 0;

  constructor(dataDir: string) {
    const args = [mainFile, '--no-open', '--audio', 'none', '--port', '0', '--data-dir', dataDir];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#exited = once(this.#child, 'close');
  }

  /** Resolves with the first line of Parley's that satisfies the condition; `say` is typed as soon as somebody listens. */
  async talk(say: string | null, condition: (line: AgentLine) => boolean): Promise<AgentLine> {
    const socket = await this.#connect();
    const met = deferred<AgentLine>();
    let isSaid = say === null;
    socket.on('close', () => met.reject(new Error('the app is gone')));
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) return this.#play(data);
      const message = appMessageSchema.parse(JSON.parse(data.toString()));
      if (message.type !== 'event') return;
      const { event } = message;
      if ('state' in event && event.state.floor === 'listening' && !isSaid) {
        isSaid = true;
        this.#command({ type: 'say', text: say! });
      }
      if (event.type === 'browser-end') this.#played(event.answerNumber, true);
      if (event.type === 'line' && event.line.role === 'agent' && condition(event.line)) met.resolve(event.line);
    });
    this.#command({ type: 'hello', contractVersion: CONTRACT_VERSION });
    this.#command({ type: 'use-browser-audio', on: true });
    return met.promise;
  }

  async kill(): Promise<void> {
    this.#socket?.removeAllListeners('close').terminate();
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  readonly #playedSamples = new Map<number, number>();

  #play(data: Buffer): void {
    const { answerNumber, startSample, samples } = decodeAudioFrame(new Uint8Array(data))!;
    const loud = samples.filter((sample) => Math.abs(sample) > 0.01).length;
    this.sounded.set(answerNumber, (this.sounded.get(answerNumber) ?? 0) + loud);
    this.#playedSamples.set(answerNumber, startSample + samples.length);
    this.#played(answerNumber, false);
  }

  #played(answerNumber: number, ended: boolean): void {
    const playedSamples = this.#playedSamples.get(answerNumber) ?? 0;
    this.#command({ type: 'browser-played', answerNumber, playedSamples, ended });
  }

  #command(command: Command): void {
    this.#socket!.send(JSON.stringify({ id: this.#lastId++, command }));
  }

  async #connect(): Promise<WebSocket> {
    for await (const line of createInterface(this.#child.stdout!)) {
      const url = /^Parley is ready: (\S+)$/.exec(line)?.[1];
      if (url === undefined) continue;
      const { origin, host } = new URL(url);
      const welcome = await fetch(url, { redirect: 'manual' });
      const cookie = welcome.headers.getSetCookie()[0]!.split(';')[0]!;
      this.#socket = new WebSocket(`ws://${host}${WEBSOCKET_PATH}`, { origin, headers: { cookie } });
      await once(this.#socket, 'open');
      return this.#socket;
    }
    throw new Error('the app ended before it was ready');
  }
}

describe.skipIf(reason)('a timer', () => {
  let dataDir: string;
  let app: AppProcess | undefined;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'parley-timer-'));
    symlinkSync(modelsDir, join(dataDir, 'models'));
  });
  afterEach(async () => {
    await app?.kill();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
  });

  it('that was set by words rings although the program was killed meanwhile', { timeout: 60_000 }, async () => {
    app = new AppProcess(dataDir);
    const set = await app.talk('Set a timer for 3 seconds.', ({ heardChars }) => heardChars > 0);
    expect(set.text).toBe('Timer set for 3 seconds.');
    await app.kill();
    app = new AppProcess(dataDir);
    const rung = await app.talk(null, ({ answeredBy, status }) => answeredBy === 'notice' && status === 'done');
    expect(rung.text).toBe('Your timer for 3 seconds is done.');
    expect(rung.heardChars).toBe(rung.text.length);
    expect(Math.max(...app.sounded.values()), 'samples of the bell and the words').toBeGreaterThan(10_000);
  });
});
