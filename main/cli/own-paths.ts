import { homedir } from 'node:os';
import { resolvePaths, type ParleyPaths } from '../platform/paths.ts';

/** The paths of the user who runs the command. */
export function ownPaths(): ParleyPaths {
  return resolvePaths({ platform: process.platform, env: process.env, homeDir: homedir(), workingDir: process.cwd() });
}
