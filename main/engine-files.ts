import { join } from 'node:path';
import { chosenModels } from './engine-configs.ts';
import { NO_TURN_MODEL, type ModelStage } from './contract/models.ts';
import { recordedSha256 } from './platform/models/installed-marker.ts';
import { catalogueOf } from './platform/models/model-catalogue.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { Settings } from './platform/settings.ts';

/** A model and the SHA-256 of each of its files, as it was when installed; null for one that is not there. */
export interface EngineFiles {
  stage: ModelStage;
  modelId: string;
  files: { path: string; sha256: string | null }[];
}

/** The models that those settings mean. Without the hashes, a name says little: files can be exchanged. */
export function engineFiles(
  settings: Readonly<Settings>,
  { modelsDir }: Pick<ParleyPaths, 'modelsDir'>,
): EngineFiles[] {
  const catalogue = catalogueOf(modelsDir);
  return (Object.entries(chosenModels(settings)) as [ModelStage, string][]).flatMap(([stage, modelId]) => {
    if (modelId === NO_TURN_MODEL || (stage === 'llm' && settings.endpoint)) return [];
    const entry = catalogue.entries.find(({ id }) => id === modelId);
    const folder = join(modelsDir, modelId);
    const files = (entry?.files ?? []).map(({ path }) => ({ path, sha256: recordedSha256(folder, path) }));
    return [{ stage, modelId, files }];
  });
}
