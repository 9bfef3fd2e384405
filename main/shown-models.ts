import { totalmem } from 'node:os';
import { join } from 'node:path';
import { fitsMemory, profilesFor, recommendedProfile, type ChosenProfile } from './calibration/profiles.ts';
import { forecastLatency } from './calibration/forecast.ts';
import {
  modelStageSchema,
  type Calibration,
  type ModelStage,
  type Profile,
  type ProfileName,
  type ShownModel,
} from './contract/models.ts';
import { chosenModels, STARTER_MODELS } from './engine-configs.ts';
import { listModels, type ModelListing } from './platform/models/check-models.ts';
import { recordedSha256 } from './platform/models/installed-marker.ts';
import {
  catalogueOf,
  entryBytes,
  entryMemoryBytes,
  type ModelCatalogue,
  type ModelEntry,
} from './platform/models/model-catalogue.ts';
import type { Settings } from './platform/settings.ts';

export interface ShownModelsOptions {
  modelsDir: string;
  settings: Readonly<Settings>;
  /** The language model is on a server. */
  usesEndpoint: boolean;
  calibration: Calibration | null;
}

export interface ShownModels {
  models: ShownModel[];
  profiles: Profile[];
  recommended: ProfileName | null;
}

/** Everything that can be chosen, as a person wants to see it: from the catalogue, the disk, and what was measured. */
export function shownModels(options: ShownModelsOptions): ShownModels {
  const { modelsDir, calibration } = options;
  const catalogue = catalogueOf(modelsDir);
  const listings = listModels({ catalogue, modelsDir });
  const chosen = calibration ? profilesFor({ catalogue, starters: STARTER_MODELS, calibration }) : [];
  const installed = new Set(listings.filter(({ state }) => state === 'installed').map(({ entry }) => entry.id));
  return {
    models: listings.flatMap((listing) => shownModel(listing, catalogue, options)),
    profiles: chosen.map((profile) => shownProfile(profile, catalogue, installed)),
    recommended: chosen.length > 0 ? recommendedProfile(chosen) : null,
  };
}

function shownModel(
  { entry, state }: ModelListing,
  catalogue: ModelCatalogue,
  options: ShownModelsOptions,
): ShownModel[] {
  const stage = modelStageSchema.safeParse(entry.kind).data;
  if (!stage) return [];
  const { modelsDir, settings, usesEndpoint, calibration } = options;
  const folder = join(modelsDir, entry.id);
  const isCurrent = chosenModels(settings)[stage] === entry.id && !(stage === 'llm' && usesEndpoint);
  return [
    {
      ...{ id: entry.id, stage, label: entry.label, goodFor: entry.goodFor, languages: entry.languages },
      state: state === 'missing' ? 'available' : state,
      isCurrent,
      isStarter: entry.starter,
      isImported: entry.imported,
      isVerified: entry.verified,
      bytes: entryBytes(entry),
      memoryBytes: entryMemoryBytes(entry),
      licence: { spdx: entry.licence.spdx, url: entry.licence.text.includes('://') ? entry.licence.text : null },
      hashes: state === 'installed' ? hashesOf(entry, folder) : [],
      forecast: forecastOf(entry, stage, { catalogue, settings, calibration }),
      fits: fitsMemory(entry, calibration?.totalMemoryBytes ?? totalmem()),
    },
  ];
}

function hashesOf(entry: ModelEntry, folder: string): ShownModel['hashes'] {
  return entry.files.flatMap(({ path, sha256 }) => {
    const recorded = recordedSha256(folder, path);
    return recorded === null ? [] : [{ path, sha256: recorded, trustedOnFirstUse: sha256 === null }];
  });
}

/** With this model in its stage, and the others as they are chosen. */
function forecastOf(
  entry: ModelEntry,
  stage: ModelStage,
  options: { catalogue: ModelCatalogue; settings: Readonly<Settings>; calibration: Calibration | null },
): ShownModel['forecast'] {
  const { catalogue, settings, calibration } = options;
  if (!calibration || stage === 'vad' || stage === 'turn') return null;
  const chosen = { ...chosenModels(settings), [stage]: entry.id };
  const find = (id: string) => catalogue.entries.find((each) => each.id === id);
  const [asr, llm, tts] = [find(chosen.asr), find(chosen.llm), find(chosen.tts)];
  if (!asr || !llm || !tts) return null;
  return forecastLatency({ asr, llm, tts, starterLlm: catalogue.get(STARTER_MODELS.llm) }, calibration);
}

function shownProfile(profile: ChosenProfile, catalogue: ModelCatalogue, installed: ReadonlySet<string>): Profile {
  const { name, asr, llm, tts, memoryBytes, forecast } = profile;
  const missing = catalogue.withRequired([asr.id, llm.id, tts.id]).filter(({ id }) => !installed.has(id));
  return {
    name,
    models: { asr: asr.id, llm: llm.id, tts: tts.id },
    downloadBytes: missing.reduce((sum, entry) => sum + entryBytes(entry), 0),
    memoryBytes,
    forecast,
  };
}
