import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppEvaluationPanel, type EvaluationCommand } from '../../../main/app-evaluation-panel.ts';
import type { EvaluationState } from '../../../main/contract/evaluation.ts';
import { eventSchema, type AppEvent } from '../../../main/contract/messages.ts';
import type { AppState } from '../../../main/contract/state.ts';
import type { BenchOptions, EvaluationParts } from '../../../main/evaluation/panel/evaluation-parts.ts';
import { hearWire } from '../../../main/evaluation/scoring/heard-segments.ts';
import { AppStateStore } from '../../../main/pipeline/app-state-store.ts';
import { resolvePaths } from '../../../main/platform/paths.ts';
import { EnvironmentSecrets } from '../../../main/platform/secrets.ts';
import { MemoryKeeper } from '../../../main/platform/secrets-store.ts';
import { DEFAULT_SETTINGS } from '../../../main/platform/settings.ts';
import type { ClientConnection } from '../../../main/transport/app-endpoint.ts';
import { FakeApp } from '../../fakes/fake-app.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { talkingSubjects } from '../evaluation/talking-subject.ts';
import { ToneLanguage } from '../evaluation/tone-language.ts';

const SUITE = `
version: 1
suite: small
title: A small suite
about: What a test can say in virtual time.
scenarios:
  - id: italy
    title: Two questions
    turns:
      - say: what is the capital of italy
        expect: { says: [rome] }
      - say: and what is the capital of france
        expect: { says: [paris] }
  - id: spain
    title: One question
    turns:
      - say: and what of spain
        expect: { says: [madrid] }
`;
/** What the fake model knows. It gets Spain wrong, and hears nothing of Portugal. */
const ANSWERS: [RegExp, string][] = [
  [/italy/, 'that is rome'],
  [/france/, 'that is paris'],
  [/spain/, 'that is lisbon'],
];

/** A window, and what it was sent. */
export class PanelWindow implements ClientConnection {
  readonly carriesAudio = false;
  readonly events: AppEvent[] = [];
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  sendAudio(): void {}

  send(event: AppEvent): void {
    // As it would come through a wire.
    this.events.push(eventSchema.parse(structuredClone(event)));
  }

  get state(): EvaluationState {
    return this.events.flatMap((event) => (event.type === 'evaluation' ? [event.evaluation] : [])).at(-1)!;
  }

  get reports() {
    return this.events.flatMap((event) => (event.type === 'evaluation-report' ? [event] : []));
  }
}

export interface PanelOptions {
  /** Of an earlier run of the app. */
  folder?: string;
  withoutParts?: boolean;
  bench?(options: BenchOptions, usual: ReturnType<EvaluationParts['bench']>): ReturnType<EvaluationParts['bench']>;
}

/** The panel's part of the app over fakes that really talk, in virtual time. */
export class PanelUnderTest {
  readonly clock = new FakeClock(1000);
  readonly language = new ToneLanguage();
  readonly folder: string;
  readonly store: AppStateStore;
  readonly panel: AppEvaluationPanel;
  readonly window = new PanelWindow('w1');
  readonly pauses: boolean[] = [];
  readonly logger = new RecordingLogger();
  benches: BenchOptions[] = [];

  constructor({ folder, withoutParts, bench }: PanelOptions = {}) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'parley-panel-'));
    const suitesDir = join(this.folder, 'suites');
    mkdirSync(suitesDir, { recursive: true });
    writeFileSync(join(suitesDir, 'small.yaml'), SUITE);
    this.store = new AppStateStore(stateWithArchitectures());
    const settings = { current: DEFAULT_SETTINGS, notices: [], update: () => Promise.resolve() };
    const parts: EvaluationParts = {
      suitesDir,
      engineFiles: () => [],
      bench: (options) => {
        this.benches.push(options);
        return bench?.(options, this.#bench(options)) ?? this.#bench(options);
      },
    };
    this.panel = new AppEvaluationPanel({
      clock: this.clock,
      wallClock: { epochMs: () => 1_900_000_000_000 + this.clock.nowMs(), timeZone: () => 'UTC' },
      logger: this.logger,
      paths: resolvePaths({ platform: 'linux', env: {}, homeDir: '/nobody', workingDir: '/', dataDir: this.folder }),
      settings,
      secrets: new EnvironmentSecrets({}),
      keyKeeper: new MemoryKeeper(),
      childHost: { spawn: () => { throw new Error('nothing is spawned here'); } }, // prettier-ignore
      store: this.store,
      pause: (paused) => this.pauses.push(paused),
      ...(withoutParts ? {} : { evaluation: parts }),
    });
  }

  do(command: EvaluationCommand, window = this.window): Promise<void> {
    return this.panel.handle(window, command);
  }

  /** Time passes until that holds; files are written and read meanwhile, which takes as long as it takes. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await this.clock.advanceAsync(100);
      await settle();
    }
  }

  async untilOver(): Promise<void> {
    await this.until(() => this.window.state.run === null && this.window.state.notice !== null || this.window.state.failure !== null); // prettier-ignore
  }

  async runAll(repeat = 1): Promise<string> {
    await this.do({ type: 'watch-evaluation', on: true });
    await this.do({ type: 'start-evaluation', suites: ['small'], architectureIds: ['cascade', 'other'], repeat, seed: 1 }); // prettier-ignore
    await this.untilOver();
    return this.window.state.runs[0]!.runId;
  }

  path(...parts: string[]): string {
    return join(this.folder, 'evaluations', ...parts);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #bench({ onArchitectures, faults = [] }: BenchOptions): ReturnType<EvaluationParts['bench']> {
    const { clock, language, store } = this;
    const reply = (text: string): string => ANSWERS.find(([of]) => of.test(text))?.[1] ?? 'what do you mean';
    const open = talkingSubjects({ clock, language, reply, faults });
    return {
      openSubject: (request) => {
        onArchitectures?.(store.state.architecture!);
        return open(request);
      },
      speaker: { say: (text) => Promise.resolve({ samples: language.speak(text), sampleRateHz: 16_000 }) },
      recognise: (wire) => hearWire(wire, (samples) => Promise.resolve(language.understand(samples))),
      close: () => Promise.resolve(),
    };
  }
}

function stateWithArchitectures(): AppState {
  const capabilities = { ownTurnDetection: false, truncation: true, tools: true, customVoice: true, lineByLineTranscript: true, offline: true }; // prettier-ignore
  const choice = { capabilities, unavailable: null, isBaseline: false };
  return {
    ...new FakeApp().state(),
    audio: { driver: 'portaudio', microphone: 'ok', devices: [], inputId: null, outputId: null },
    architecture: {
      currentId: 'cascade',
      isSwitching: false,
      choices: [
        { ...choice, id: 'cascade', label: 'Cascade', kind: 'cascade' },
        { ...choice, id: 'other', label: 'Other', kind: 'speech-to-speech' },
        { ...choice, id: 'hosted', label: 'Hosted', kind: 'speech-to-speech', unavailable: 'There is no key.' },
      ],
    },
  };
}
