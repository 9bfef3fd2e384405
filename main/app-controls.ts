import { catalogueOf } from './platform/models/model-catalogue.ts';
import { listModels } from './platform/models/check-models.ts';
import { chosenModels } from './engine-configs.ts';
import type { AppActions } from './client-sessions.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { AppControls } from './ports/app-controls.ts';
import type { AudioBus } from './ports/audio-devices.ts';

export interface AppControlsOptions {
  store: AppStateStore;
  settings: SettingsStore;
  paths: ParleyPaths;
  bus: Pick<AudioBus, 'setGain'>;
  actions(): Pick<AppActions, 'setInputMode' | 'setMuted' | 'setPreferences' | 'models'>;
  connectedTools(): readonly string[];
  report(error: SerialisedError): void;
}

/** Fast enough to be a change at once, slow enough not to click. */
const RAMP_MS = 50;
/** Below what any loudspeaker makes of 16 bits. */
const SILENT_DB = -100;

/** The program's controls, for skills; and the loudspeaker's gain, which follows the setting whoever changes it. */
export function appControls(options: AppControlsOptions): AppControls {
  const { store, settings, paths, bus, actions, connectedTools, report } = options;
  const attempt = (change: () => Promise<void>): void => {
    change().catch((cause: unknown) => report(ParleyError.from(cause, 'app').serialise()));
  };
  let appliedPercent = 100;
  const follow = (): void => {
    const { volumePercent } = settings.current;
    if (volumePercent === appliedPercent) return;
    appliedPercent = volumePercent;
    bus.setGain(volumeDb(volumePercent), RAMP_MS);
  };
  follow();
  store.onChange(follow);
  return {
    volumePercent: () => settings.current.volumePercent,
    setVolume: (volumePercent) => attempt(() => actions().setPreferences({ volumePercent })),
    voices: () => ({ choices: installedVoices(paths), current: chosenModels(settings.current).tts }),
    useVoice: (modelId) => attempt(() => actions().models({ type: 'choose-model', stage: 'tts', modelId })),
    inputMode: () => store.state.inputMode,
    setInputMode: (mode) => attempt(() => actions().setInputMode(mode)),
    isMuted: () => store.state.muted,
    setMuted: (muted) => actions().setMuted(muted),
    connectedTools,
  };
}

/** Half the percents sound about half as loud: the square of them is the amplitude. */
function volumeDb(percent: number): number {
  return percent === 0 ? SILENT_DB : 40 * Math.log10(percent / 100);
}

function installedVoices({ modelsDir }: ParleyPaths): { id: string; label: string }[] {
  return listModels({ catalogue: catalogueOf(modelsDir), modelsDir })
    .filter(({ entry, state }) => entry.kind === 'tts' && state === 'installed')
    .map(({ entry: { id, label } }) => ({ id, label }));
}
