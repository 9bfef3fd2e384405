import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppRealtime } from './app-realtime.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import { writeFileAtomically } from './platform/atomic-file.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Logger } from './ports/logger.ts';

/** Serves the endpoint when the settings say so; a port that is taken is a problem that is shown. */
export function serveAsSet(options: {
  settings: SettingsStore;
  paths: ParleyPaths;
  logger: Logger;
  realtime: Pick<AppRealtime, 'serve'>;
  report(error: SerialisedError): void;
}): void {
  const { settings, paths, logger, realtime, report } = options;
  const { enabled, port } = settings.current.realtimeServer;
  if (!enabled) return;
  keptToken(join(paths.dataDir, 'realtime-token'))
    .then((token) => realtime.serve({ port, token }))
    .then(({ baseUrl }) => logger.info('serving the realtime endpoint', { baseUrl }))
    .catch((cause: unknown) => report(ParleyError.from(cause, 'transport').serialise()));
}

/** Made once and kept, so that programs that know it go on knowing it; only the user can read the file. */
async function keptToken(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const token = randomBytes(32).toString('base64url');
  await writeFileAtomically(file, `${token}\n`);
  return token;
}
