import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type ParleyApp } from '../../../../main/app.ts';
import { ForkHost } from '../../../../main/children/fork-host.ts';
import type { EndpointingChoice } from '../../../../main/contract/turn-settings.ts';
import type { AppState, Floor, TranscriptLine } from '../../../../main/contract/state.ts';
import { JsonLogger, stderrSink } from '../../../../main/platform/json-logger.ts';
import { MonotonicClock } from '../../../../main/platform/monotonic-clock.ts';
import { resolvePaths } from '../../../../main/platform/paths.ts';
import { EnvironmentSecrets } from '../../../../main/platform/secrets.ts';
import { DEFAULT_SETTINGS, type SettingsStore } from '../../../../main/platform/settings.ts';
import { FixedWords } from '../../product/fixed-words.ts';
import { seededRandom } from '../../../../main/evaluation/seeded-random.ts';
import { ROOM_RATE_HZ } from '../../../../main/evaluation/sound/room-sound.ts';
import type { TurnSources } from '../clips/turn-sets.ts';
import type { Condition } from '../../../../main/evaluation/room/conditions.ts';
import { RoomBus } from '../../../../main/evaluation/room/room-bus.ts';
import { background } from '../../../../main/evaluation/room/background.ts';
import { backgroundSources } from '../clips/noise-file.ts';
import { inRoom } from '../../../../main/evaluation/room/room-response.ts';

/** A transcript line, and the sample of the recording at which it was told. */
export interface SeenLine {
  at: number;
  line: TranscriptLine;
}

export interface MatrixSessionOptions {
  sources: TurnSources;
  condition: Condition;
  policy: EndpointingChoice;
  /** What the stand-in for the language model says; default: the long answer of the bench. */
  answer?: string;
  /** Answers that are rendered ahead are kept here from one session to the next. */
  cacheDir: string;
}

/** The app with its real engines between a simulated microphone and loudspeaker, recorded from its start to its end. */
export class MatrixSession {
  readonly bus: RoomBus;
  readonly seen: SeenLine[] = [];
  /** Who had the floor, from when on. */
  readonly floors: { at: number; floor: Floor }[] = [];
  readonly #app: ParleyApp;
  readonly #condition: Condition;
  readonly #close: () => Promise<void>;
  #state: AppState | undefined;

  private constructor(parts: { bus: RoomBus; app: ParleyApp; condition: Condition; close: () => Promise<void> }) {
    this.bus = parts.bus;
    this.#app = parts.app;
    this.#condition = parts.condition;
    this.#close = parts.close;
    parts.app.endpoint.connect({
      id: 'matrix',
      carriesAudio: false,
      sendAudio: () => {},
      send: (event) => {
        if (event.type === 'snapshot' || event.type === 'state') this.#onState(event.state);
        if (event.type === 'line') this.seen.push({ at: this.bus.now, line: event.line });
      },
    });
  }

  /** Resolves when it listens; rejects when it cannot. */
  static async start(options: MatrixSessionOptions): Promise<MatrixSession> {
    const { condition, sources, policy, answer, cacheDir } = options;
    const clock = new MonotonicClock();
    const model = await FixedWords.start(answer === undefined ? {} : { text: answer });
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-turns-'));
    const sound = condition.background && (await background(backgroundSources(sources), condition.background));
    let bus: RoomBus | undefined;
    const current = { ...DEFAULT_SETTINGS, endpoint: model.endpoint, endpointing: policy };
    const settings: SettingsStore = { current, notices: [], update: () => Promise.resolve() };
    const { platform, env } = process;
    const paths = resolvePaths({ platform, env, homeDir: homedir(), workingDir: process.cwd(), dataDir });
    const app = await createApp({
      clock,
      logger: new JsonLogger({ sinks: [stderrSink('error')] }),
      paths: { ...paths, modelsDir: sources.modelsDir, cacheDir },
      settings,
      secrets: new EnvironmentSecrets({}),
      childHost: new ForkHost({ entriesDir: join(import.meta.dirname, '../../../../main/children/entries') }),
      audio: {
        file: (events) =>
          (bus = new RoomBus({
            events,
            clock,
            background: sound,
            effect: condition.microphone?.(),
            driftPpm: condition.driftPpm ?? 0,
            echoDb: condition.echoDb,
          })),
      },
    });
    const close = async (): Promise<void> => {
      await app.close();
      await model.stop();
      await rm(dataDir, { recursive: true, force: true });
    };
    try {
      await app.whenListening();
      return new MatrixSession({ bus: bus!, app, condition, close });
    } catch (cause) {
      await close();
      throw cause;
    }
  }

  /** Says a clip as it arrives in this condition's room. Returns where its first sample lies on the recording. */
  say(samples: Float32Array): number {
    return this.bus.say(this.#condition.room ? inRoom(samples, this.#condition.room) : samples);
  }

  type(text: string): void {
    this.#app.conversation.say(text);
  }

  stopAnswer(): void {
    this.#app.conversation.stop();
  }

  /** Between two turns: nobody has the floor and it has been silent. False: that did not come about. */
  async untilQuiet(silentSeconds: number, limitSeconds: number): Promise<boolean> {
    const { bus } = this;
    return bus.until(
      () => this.#state?.floor === 'listening' && bus.recording.silentFrames >= silentSeconds * 100,
      limitSeconds,
    );
  }

  async wait(seconds: number): Promise<void> {
    await this.bus.until(() => false, seconds);
  }

  close(): Promise<void> {
    return this.#close();
  }

  #onState(state: AppState): void {
    if (this.#state?.floor !== state.floor) this.floors.push({ at: this.bus.now, floor: state.floor });
    this.#state = state;
  }
}

/** The same in every run: how long to wait between turns, in seconds. */
export function betweenTurns(seed: number): () => number {
  const random = seededRandom(seed);
  return () => 0.5 + 0.4 * random();
}

export const samplesOf = (seconds: number): number => Math.round(seconds * ROOM_RATE_HZ);
export const msOf = (samples: number): number => (samples / ROOM_RATE_HZ) * 1000;
