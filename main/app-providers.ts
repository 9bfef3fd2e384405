import { ParleyError } from './contract/errors.ts';
import type { Provider, ProviderId, ProviderTest, SecretCommand } from './contract/secrets.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import { secretVariable, type ProviderSecretName } from './platform/secrets.ts';
import type { SecretStore } from './platform/secrets-store.ts';
import type { VoiceArchitecture } from './ports/voice-architecture.ts';

export interface AppProvidersOptions {
  store: AppStateStore;
  secrets: SecretStore;
  /** All that there are. */
  architectures(): readonly VoiceArchitecture[];
  /** What can be chosen may have changed. */
  onChanged(): void;
}

interface KnownProvider {
  label: string;
  purpose: string;
  secret: ProviderSecretName;
  /** Those that its key opens; the first that there is, is what a test opens. */
  architectureIds: readonly string[];
}

const PROVIDERS: Record<ProviderId, KnownProvider> = {
  openai: {
    label: 'OpenAI',
    purpose: 'Speech-to-speech with its Realtime models.',
    secret: 'openai-api-key',
    architectureIds: ['openai-realtime', 'openai-live'],
  },
  gemini: {
    label: 'Google Gemini',
    purpose: 'Speech-to-speech with Gemini Live.',
    secret: 'gemini-api-key',
    architectureIds: ['gemini-live'],
  },
  ultravox: {
    label: 'Ultravox',
    purpose: 'Speech-to-speech with its hosted model.',
    secret: 'ultravox-api-key',
    architectureIds: ['ultravox'],
  },
  endpoint: {
    label: 'Your own server',
    purpose:
      'For the server chosen under Models, if it wants a key; used from the next start of the language model on.',
    secret: 'endpoint-api-key',
    architectureIds: ['half-cascade'],
  },
};
const IDS = Object.keys(PROVIDERS) as ProviderId[];

/** The keys of providers: what windows may know of them, and what they may do with them. */
export class AppProviders {
  readonly #options: AppProvidersOptions;
  readonly #tests = new Map<ProviderId, ProviderTest>();

  constructor(options: AppProvidersOptions) {
    this.#options = options;
    options.secrets.onChange((name) => {
      // What a test has shown was about the key before.
      for (const id of IDS) if (PROVIDERS[id].secret === name) this.#tests.delete(id);
      options.onChanged();
      this.#show();
    });
    this.#show();
  }

  /** Throws `disk-full` or `internal` when a key cannot be kept or forgotten. */
  async handle(command: SecretCommand): Promise<void> {
    const { secrets } = this.#options;
    const { secret } = PROVIDERS[command.providerId];
    switch (command.type) {
      case 'set-provider-key':
        return secrets.set(secret, command.key);
      case 'remove-provider-key':
        return secrets.remove(secret);
      case 'test-provider':
        return void this.#test(command.providerId);
      default:
        command satisfies never;
    }
  }

  /** The whole way that a conversation would go: name resolution, key, model, session. It says nothing, so it costs nothing. */
  async #test(id: ProviderId): Promise<void> {
    const architecture = this.#architectureOf(id);
    const running: ProviderTest = { status: 'running' };
    if (!architecture || this.#tests.get(id)?.status === 'running') return;
    this.#setTest(id, running);
    const result = await opened(architecture);
    // Another key came meanwhile, and was perhaps tested, too.
    if (this.#tests.get(id) === running) this.#setTest(id, result);
  }

  #setTest(id: ProviderId, test: ProviderTest): void {
    this.#tests.set(id, test);
    this.#show();
  }

  #architectureOf(id: ProviderId): VoiceArchitecture | undefined {
    const all = this.#options.architectures();
    const { architectureIds } = PROVIDERS[id];
    return architectureIds
      .map((architectureId) => all.find((each) => each.id === architectureId))
      .find((each) => each !== undefined);
  }

  #show(): void {
    const { store, secrets } = this.#options;
    const providers = IDS.map((id): Provider => {
      const { label, purpose, secret } = PROVIDERS[id];
      const variable = secretVariable(secret);
      const canTest = this.#architectureOf(id) !== undefined;
      return { id, label, purpose, variable, key: secrets.known(secret), canTest, test: this.#tests.get(id) ?? null };
    });
    store.update({ providers: { keeping: secrets.keeping, providers } });
  }
}

async function opened(architecture: VoiceArchitecture): Promise<ProviderTest> {
  try {
    const session = await architecture.open({
      loudspeaker: {
        play: () => Promise.resolve(),
        endAnswer() {},
        stopAnswer: () => Promise.resolve(0),
        setHeld() {},
      },
      history: [],
      // Nothing begins by itself.
      inputMode: 'push-to-talk',
      onEvent() {},
    });
    await session.close();
    return { status: 'connected' };
  } catch (cause) {
    return { status: 'failed', error: ParleyError.from(cause, 'think').serialise() };
  }
}
