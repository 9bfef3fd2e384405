import { architectureLabel, type ArchitectureChoice } from './contract/architecture.ts';
import { ParleyError } from './contract/errors.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { Conversation } from './pipeline/conversation.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { VoiceArchitecture } from './ports/voice-architecture.ts';

export interface AppArchitecturesOptions {
  store: AppStateStore;
  settings: SettingsStore;
  /** The first is what the app falls back to: it needs nobody else. */
  architectures: readonly [VoiceArchitecture, ...VoiceArchitecture[]];
  /** Ids of those that are only there to be compared with. */
  baselines: readonly string[];
}

/** Which ways to an answer there are, which is chosen, and the change from one to another. */
export class AppArchitectures {
  readonly #options: AppArchitecturesOptions;
  #current: VoiceArchitecture;

  constructor(options: AppArchitecturesOptions) {
    this.#options = options;
    const chosen = this.#named(options.settings.current.architectureId);
    this.#current = chosen && chosen.unavailable === null ? chosen : options.architectures[0];
    this.#show(false);
  }

  get all(): readonly VoiceArchitecture[] {
    return this.#options.architectures;
  }

  /** The one that was chosen last, if it can be opened; else the one that always can. */
  get initial(): VoiceArchitecture {
    return this.#current;
  }

  get fallback(): VoiceArchitecture {
    return this.#options.architectures[0];
  }

  /** The choices have changed: a key was given, a server was started. */
  refresh(): void {
    this.#show(false);
  }

  changed(architecture: VoiceArchitecture, isSwitching: boolean): void {
    this.#current = architecture;
    this.#show(isSwitching);
  }

  /** Switches and remembers. Throws `bad-input` for an id that there is none of, and what opening it throws; the one before goes on then. */
  async choose(architectureId: string, conversation: Conversation): Promise<void> {
    const architecture = this.#named(architectureId);
    if (!architecture) throw new ParleyError({ code: 'bad-input', stage: 'app', detail: architectureId });
    await conversation.switchTo(architecture);
    await this.#options.settings.update({ architectureId });
  }

  #named(id: string): VoiceArchitecture | undefined {
    return this.#options.architectures.find((architecture) => architecture.id === id);
  }

  #show(isSwitching: boolean): void {
    const choices = this.#options.architectures.map((each) => this.#choice(each));
    this.#options.store.update({ architecture: { currentId: this.#current.id, isSwitching, choices } });
  }

  #choice(architecture: VoiceArchitecture): ArchitectureChoice {
    const { id, kind, capabilities, unavailable } = architecture;
    const label = architectureLabel(architecture);
    return { id, label, kind, capabilities, unavailable, isBaseline: this.#options.baselines.includes(id) };
  }
}
