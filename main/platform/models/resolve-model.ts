import { join } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import { judgeMarker } from './installed-marker.ts';
import { catalogueOf, type ModelCatalogue, type ModelEntry } from './model-catalogue.ts';

export interface ResolveOptions {
  /** The folder of all models (ParleyPaths.modelsDir). */
  modelsDir: string;
  /** Default: the shipped one with what the user has brought. */
  catalogue?: ModelCatalogue;
}

export interface ResolvedModel {
  entry: ModelEntry;
  folder: string;
  /** Absolute path of one of the entry's files, by its path in the catalogue. Throws RangeError for any other. */
  path(innerPath: string): string;
}

/**
 * The only way to a model's files: an engine is never given a path that has not come from here. Costs a small read and a
 * stat per file, no hashing. Throws `model-unknown`; `model-missing` when it was never wholly installed; `model-corrupt`
 * when a file has changed since its hash was checked.
 */
export function resolveModel(
  id: string,
  { modelsDir, catalogue = catalogueOf(modelsDir) }: ResolveOptions,
): ResolvedModel {
  const entry = catalogue.get(id);
  const folder = join(modelsDir, id);
  const verdict = judgeMarker(folder, entry);
  switch (verdict) {
    case 'absent':
      throw new ParleyError({
        code: 'model-missing',
        stage: 'models',
        message: 'the model is not installed',
        detail: id,
      });
    case 'touched':
      throw new ParleyError({
        code: 'model-corrupt',
        stage: 'models',
        message: 'a file of the model has changed since it was checked',
        detail: id,
      });
    case 'whole':
      return { entry, folder, path: (innerPath) => innerFile(entry, folder, innerPath) };
    default:
      return verdict satisfies never;
  }
}

function innerFile(entry: ModelEntry, folder: string, innerPath: string): string {
  if (entry.files.some((file) => file.path === innerPath)) return join(folder, innerPath);
  throw new RangeError(`${entry.id} has no file ${innerPath}`);
}
