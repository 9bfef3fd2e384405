import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AudioFrameKind, encodeAudioFrame, type AudioFrame } from '../../main/contract/audio-frame.ts';
import type { AppEvent, CommandOf } from '../../main/contract/messages.ts';
import type { AgentLine, AppState, TranscriptLine, UserLine } from '../../main/contract/state.ts';
import { WEBSOCKET_PATH } from '../../main/contract/web-host.ts';
import { deferred, type Deferred } from '../../main/lib/deferred.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import type { AppCommand, AppEndpoint, AppSession, ClientConnection } from '../../main/transport/app-endpoint.ts';
import { pageHeaders } from '../../main/transport/page-headers.ts';
import { readStaticFile } from '../../main/transport/static-files.ts';
import { WebSocketTransport } from '../../main/transport/websocket.ts';
import type { FakeEvaluation } from './fake-evaluation.ts';
import { RecordingLogger } from './recording-logger.ts';

const RENDERER_DIR = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const AT = '2030-01-01T12:00:00.000Z';
const ANSWER_CHUNK_SAMPLES = 480;

/**
 * An app without engines behind the built window: it serves the page with the real headers, speaks the contract through the
 * real WebSocket transport, shows what a test sets, and notes what the window asks for and what its microphone sends.
 */
export class FakeAppServer implements AppEndpoint {
  state: AppState = readyState();
  readonly commands: AppCommand[] = [];
  readonly microphoneFrames: AudioFrame[] = [];
  /** Sends what the microphone says straight back as answer 1. */
  echoesMicrophone = false;
  /** Answers like a host whose cookie this browser does not have. */
  refusesEverybody = false;
  /** Answers what is asked about comparisons, and has files of runs. */
  evaluation: FakeEvaluation | undefined;
  readonly #lines = new Map<string, TranscriptLine>();
  readonly #connections = new Set<ClientConnection>();
  readonly #sentSamples = new Map<number, number>();
  #waiting: { isMet: () => boolean; met: Deferred<void> }[] = [];
  #server: Server | undefined;
  #transport: WebSocketTransport | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Listens on a free port; after `close`, on the same one again. */
  async start(): Promise<void> {
    const transport = new WebSocketTransport({
      endpoint: this,
      clock: new MonotonicClock(),
      logger: new RecordingLogger(),
    });
    const server = createServer((request, response) => void this.#serve(request.url ?? '/', response));
    server.on('upgrade', (request, socket, head) => {
      if (this.refusesEverybody || request.url !== WEBSOCKET_PATH) socket.destroy();
      else transport.accept(request, socket, head);
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#transport = transport;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    await this.#transport?.close();
    server.closeAllConnections();
    await closed;
    this.#server = undefined;
  }

  connect(connection: ClientConnection): AppSession {
    this.#connections.add(connection);
    connection.send({ type: 'snapshot', state: this.state, lines: [...this.#lines.values()] });
    this.#check();
    return {
      handle: (command) => this.#handle(command),
      audioFrame: (frame) => this.#heard(frame),
      closed: () => {
        this.#connections.delete(connection);
        this.#check();
      },
    };
  }

  send(event: AppEvent): void {
    for (const connection of this.#connections) connection.send(event);
  }

  setState(change: Partial<AppState>): void {
    this.state = { ...this.state, ...change };
    this.send({ type: 'state', state: this.state });
  }

  putLine(line: TranscriptLine): void {
    this.#lines.set(line.id, line);
    this.send({ type: 'line', line });
  }

  removeLines(ids: string[]): void {
    for (const id of ids) this.#lines.delete(id);
    this.send({ type: 'lines-removed', ids });
  }

  setLevels(levels: { inputDbfs?: number; outputDbfs?: number }): void {
    this.send({ type: 'levels', inputDbfs: -100, outputDbfs: -100, speechProbability: 0, ...levels });
  }

  /** Loudspeaker sound in the chunks of a paced stream. */
  sendAnswer(options: { answerNumber: number; samples: Float32Array; sampleRateHz: number; end?: boolean }): void {
    const { answerNumber, samples, sampleRateHz, end = true } = options;
    for (let from = 0; from < samples.length; from += ANSWER_CHUNK_SAMPLES) {
      this.#sendChunk({ answerNumber, sampleRateHz, samples: samples.subarray(from, from + ANSWER_CHUNK_SAMPLES) });
    }
    if (end) this.send({ type: 'browser-end', answerNumber });
  }

  /** All that the microphone has sent, gaps left out. */
  microphoneSamples(): Float32Array {
    const all = new Float32Array(this.microphoneFrames.reduce((sum, { samples }) => sum + samples.length, 0));
    let at = 0;
    for (const { samples } of this.microphoneFrames) {
      all.set(samples, at);
      at += samples.length;
    }
    return all;
  }

  commandsOf<T extends AppCommand['type']>(type: T): CommandOf<T>[] {
    return this.commands.filter(
      (command): command is Extract<AppCommand, { type: T }> => command.type === type,
    ) as never;
  }

  /** Settles when the condition holds; looked at after every command, connection and frame. */
  async when(isMet: () => boolean): Promise<void> {
    if (isMet()) return;
    const met = deferred<void>();
    this.#waiting.push({ isMet, met });
    await met.promise;
  }

  async #handle(command: AppCommand): Promise<void> {
    this.commands.push(command);
    this.#obey(command);
    this.evaluation?.obey(command);
    this.#check();
  }

  /** Does what a window expects to see at once; everything else is the test's business. */
  #obey(command: AppCommand): void {
    const { audio } = this.state;
    switch (command.type) {
      case 'set-muted':
        return this.setState({ muted: command.muted, floor: command.muted ? 'off' : 'listening' });
      case 'set-input-mode':
        return this.setState({ inputMode: command.inputMode });
      case 'push-to-talk':
        return this.setState({ pushToTalkHeld: command.held, floor: command.held ? 'hearing' : 'thinking' });
      case 'set-preferences':
        return this.setState({ preferences: { ...this.state.preferences!, ...command.preferences } });
      case 'set-capture-chain':
        return this.setState({ audio: { ...audio, chain: { ...audio.chain!, settings: command.settings } } });
      case 'choose-device':
        return this.setState({
          audio: {
            ...audio,
            driver: 'portaudio',
            [command.kind === 'input' ? 'inputId' : 'outputId']: command.deviceId,
          },
        });
      case 'use-browser-audio':
        return this.setState({ audio: { ...audio, driver: command.on ? 'browser' : 'portaudio' } });
      case 'dismiss-problem':
        return this.setState({ problems: this.state.problems.filter(({ id }) => id !== command.id) });
      case 'new-conversation':
        return this.removeLines([...this.#lines.keys()]);
      default:
    }
  }

  #heard(frame: AudioFrame): void {
    this.microphoneFrames.push(frame);
    if (this.echoesMicrophone) {
      this.#sendChunk({ answerNumber: 1, sampleRateHz: frame.sampleRateHz, samples: frame.samples });
    }
    this.#check();
  }

  #sendChunk(chunk: { answerNumber: number; sampleRateHz: number; samples: Float32Array }): void {
    const startSample = this.#sentSamples.get(chunk.answerNumber) ?? 0;
    this.#sentSamples.set(chunk.answerNumber, startSample + chunk.samples.length);
    const frame = encodeAudioFrame({ kind: AudioFrameKind.loudspeaker, startSample, ...chunk });
    for (const connection of this.#connections) connection.sendAudio(frame);
  }

  #check(): void {
    for (const { isMet, met } of this.#waiting) if (isMet()) met.resolve();
    this.#waiting = this.#waiting.filter(({ isMet }) => !isMet());
  }

  async #serve(url: string, response: import('node:http').ServerResponse): Promise<void> {
    if (this.refusesEverybody) return void response.writeHead(401).end();
    const path = url.split('?')[0]!;
    const file = this.evaluation?.fileAt(path) ?? (await readStaticFile(RENDERER_DIR, path));
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { ...pageHeaders(), 'content-type': file.contentType });
    response.end(file.body);
  }
}

export function userLine(line: Partial<UserLine> & { id: string; text: string }): UserLine {
  const stableChars = line.status === 'partial' ? 0 : line.text.length;
  return { role: 'user', turnId: line.id, at: AT, status: 'final', stableChars, source: 'voice', ...line };
}

export function agentLine(line: Partial<AgentLine> & { id: string; text: string }): AgentLine {
  const heardChars = line.status === undefined || line.status === 'done' ? line.text.length : 0;
  return { role: 'agent', turnId: line.id, at: AT, status: 'done', heardChars, error: null, timing: null, ...line };
}

/** A sound card, three local engines, everything in working order. */
export function readyState(): AppState {
  const device = { hostApi: 'ALSA', defaultSampleRateHz: 48_000, channels: 2 };
  return {
    floor: 'listening',
    inputMode: 'hands-free',
    muted: false,
    pushToTalkHeld: false,
    children: (['audio', 'listen', 'think', 'speak'] as const).map((name) => ({ name, status: 'ready', restarts: 0 })),
    audio: {
      driver: 'portaudio',
      microphone: 'ok',
      devices: [
        { ...device, id: 'mic-1', name: 'Built-in microphone', kind: 'input', isDefault: true },
        { ...device, id: 'mic-2', name: 'Desk microphone', kind: 'input', isDefault: false },
        { ...device, id: 'out-1', name: 'Built-in loudspeakers', kind: 'output', isDefault: true },
        { ...device, id: 'out-2', name: 'Headphones', kind: 'output', isDefault: false },
      ],
      inputId: 'mic-1',
      outputId: 'out-1',
    },
    engines: {
      asr: { id: 'moonshine-tiny-en', label: 'Moonshine tiny', local: true },
      llm: { id: 'small-model', label: 'Qwen 2.5 0.5B', local: true },
      tts: { id: 'piper', label: 'Piper', local: true },
    },
    problems: [],
  };
}
