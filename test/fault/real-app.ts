import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type ParleyApp } from '../../main/app.ts';
import { WavBus } from '../../main/audio/wav-bus.ts';
import type { ChildHost } from '../../main/children/child-host.ts';
import { ForkHost } from '../../main/children/fork-host.ts';
import type { AgentLine, AppState, ChildName, TranscriptLine } from '../../main/contract/state.ts';
import { deferred } from '../../main/lib/deferred.ts';
import { STARTER_MODELS } from '../../main/engine-configs.ts';
import { resolveModel } from '../../main/platform/models/resolve-model.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { resolvePaths } from '../../main/platform/paths.ts';
import { EnvironmentSecrets } from '../../main/platform/secrets.ts';
import { DEFAULT_SETTINGS, type SettingsStore } from '../../main/platform/settings.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const paths = resolvePaths({ platform: process.platform, env: process.env, homeDir: homedir(), workingDir: '/' });

/** Why the starter models cannot be used here, or undefined. */
export function missingModels(): string | undefined {
  try {
    for (const id of Object.values(STARTER_MODELS)) resolveModel(id, { modelsDir: paths.modelsDir });
    return undefined;
  } catch {
    return 'the starter models are not installed: npx parley models install --starter';
  }
}

/** The whole app with real children and real engines; its microphone is a WAV file, its loudspeaker is nothing. */
export class RealApp {
  readonly pids = new Map<ChildName, number>();
  readonly lines: TranscriptLine[] = [];
  state!: AppState;
  app!: ParleyApp;
  readonly #cacheDir = mkdtempSync(join(tmpdir(), 'parley-fault-'));
  readonly #watchers = new Set<() => void>();

  static async start(options: { inputPath?: string } = {}): Promise<RealApp> {
    const real = new RealApp();
    const clock = new MonotonicClock();
    const fork = new ForkHost({ entriesDir: join(import.meta.dirname, '../../main/children/entries') });
    const childHost: ChildHost = {
      spawn: (name) => {
        const child = fork.spawn(name);
        if (child.pid !== undefined) real.pids.set(name, child.pid);
        return child;
      },
    };
    const settings: SettingsStore = { current: DEFAULT_SETTINGS, notices: [], update: () => Promise.resolve() };
    real.app = await createApp({
      clock,
      logger: new RecordingLogger(),
      paths: { ...paths, cacheDir: real.#cacheDir },
      settings,
      secrets: new EnvironmentSecrets({}),
      childHost,
      audio: { file: (events) => new WavBus({ events, clock, ...options }) },
    });
    real.app.endpoint.connect({
      id: 'test',
      carriesAudio: false,
      sendAudio: () => {},
      send: (event) => {
        if (event.type === 'snapshot' || event.type === 'state') real.state = event.state;
        if (event.type === 'line') real.lines.push(event.line);
        for (const watcher of real.#watchers) watcher();
      },
    });
    await real.app.whenListening();
    return real;
  }

  say(text: string): void {
    this.app.conversation.say(text);
  }

  kill(name: ChildName, signal: NodeJS.Signals): void {
    process.kill(this.pids.get(name)!, signal);
  }

  /** Resolves when something that the app sent makes `condition` true. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    const met = deferred<void>();
    const watcher = (): void => {
      if (condition()) met.resolve();
    };
    this.#watchers.add(watcher);
    await met.promise;
    this.#watchers.delete(watcher);
  }

  childStatus(name: ChildName): string | undefined {
    return this.state.children.find((child) => child.name === name)?.status;
  }

  /** The newest version of each answer line that satisfies the condition. */
  answers(condition: (line: AgentLine) => boolean): AgentLine[] {
    const byId = new Map(this.lines.map((line) => [line.id, line]));
    return [...byId.values()].filter((line): line is AgentLine => line.role === 'agent' && condition(line));
  }

  async close(): Promise<void> {
    await this.app.close();
    rmSync(this.#cacheDir, { recursive: true, force: true });
  }
}

/** True while a process with this id exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
