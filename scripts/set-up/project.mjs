// Plain JavaScript for Node 18 and later: these scripts run before anything is installed.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Absolute path of something in the project. */
export const inProject = (...parts) => join(root, ...parts);

/** The Node line that Electron embeds and that runs our TypeScript. */
export const NODE_MAJOR = 24;
export const TOOLCHAIN_NODE_VERSION = '24.21.0';
