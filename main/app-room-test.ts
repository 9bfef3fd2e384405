import { ParleyError } from './contract/errors.ts';
import type { RoomTest } from './contract/preferences.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { AudioBus } from './ports/audio-devices.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';

export interface AppRoomTestOptions {
  store: AppStateStore;
  bus: AudioBus;
  clock: Clock;
  logger: Logger;
  /** While the test's sound plays, nobody must take it for speech. */
  setDeaf(deaf: boolean): void;
}

/** As the test plays it (main/audio/capture-chain/echo-test.ts). */
const STEPS = [
  { step: 'silence', fromMs: 0 },
  { step: 'sweep', fromMs: 700 },
  { step: 'noise', fromMs: 2200 },
] as const;
const WHOLE_MS = 6500;
const PROGRESS_EVERY_MS = 250;

/** The test of the room as windows ask for it: refused while somebody speaks, its progress and result in the state. */
export class AppRoomTest {
  readonly #options: AppRoomTestOptions;

  constructor(options: AppRoomTestOptions) {
    this.#options = options;
  }

  /** Begins a test unless one runs. Does not wait for its end and does not throw: what comes of it is in the state. */
  begin(): void {
    const { store } = this.#options;
    if (store.state.roomTest?.status === 'running') return;
    if (store.state.audio.driver !== 'portaudio') return this.#show({ status: 'refused', because: 'elsewhere' });
    if (!this.#isQuiet()) return this.#show({ status: 'refused', because: 'talking' });
    void this.#run();
  }

  async #run(): Promise<void> {
    const { store, bus, setDeaf } = this.#options;
    // An answer to something typed, or an alarm, sounds into the test: what it has measured then is worth nothing.
    let wasDisturbed = false;
    const stopWatching = store.onChange(() => (wasDisturbed ||= !this.#isQuiet()));
    const stopProgress = this.#showProgress();
    setDeaf(true);
    try {
      if (!bus.testEcho) throw new ParleyError({ code: 'no-device', stage: 'audio' });
      const result = await bus.testEcho();
      this.#show(wasDisturbed ? { status: 'refused', because: 'talking' } : { status: 'done', result });
    } catch (cause) {
      const error = ParleyError.from(cause, 'audio');
      this.#options.logger.warn('the test of the room failed', { error });
      this.#show({ status: 'refused', because: error.code === 'no-device' ? 'no-device' : 'sound-lost' });
    } finally {
      stopProgress();
      stopWatching();
      setDeaf(false);
    }
  }

  #showProgress(): () => void {
    const { clock } = this.#options;
    const startedAtMs = clock.nowMs();
    let cancel = (): void => {};
    const show = (): void => {
      const elapsedMs = clock.nowMs() - startedAtMs;
      const { step } = STEPS.findLast(({ fromMs }) => elapsedMs >= fromMs)!;
      this.#show({ status: 'running', step, progress: Math.min(1, elapsedMs / WHOLE_MS) });
      cancel = clock.schedule(PROGRESS_EVERY_MS, show);
    };
    show();
    return () => cancel();
  }

  #isQuiet(): boolean {
    const { floor } = this.#options.store.state;
    return floor === 'listening' || floor === 'off';
  }

  #show(roomTest: RoomTest): void {
    this.#options.store.update({ roomTest });
  }
}
