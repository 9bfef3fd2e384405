import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HostedName } from './child-host.ts';

/** The main file of a child: the bundled `.js` where there is one, else the source, which Node 24 runs as it is. */
export function childEntry(entriesDir: string, name: HostedName): string {
  const bundled = join(entriesDir, `${name}-child.js`);
  return existsSync(bundled) ? bundled : join(entriesDir, `${name}-child.ts`);
}
