import { readFileSync } from 'node:fs';
import { findNpmCli, npmEnvironment } from './find-npm.mjs';
import { projectNode } from './node-toolchain.mjs';
import { inProject } from './project.mjs';
import { runCommand } from './run-command.mjs';

export const packages = {
  name: 'npm packages',
  isDone: () => installedAsLocked(readLock('package-lock.json'), readLock('node_modules', '.package-lock.json')),
  async run() {
    // Install scripts stay off: what has to be built is built by a step of its own, the others only download GPU libraries.
    const args = ['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'];
    await runCommand(projectNode(), [findNpmCli(), ...args], { env: npmEnvironment() });
    return 'as locked';
  },
};

/**
 * Whether npm's own note of what it installed agrees with the lock file. Comparing the two, rather than remembering the
 * lock file, lets a developer's `npm install` count.
 */
export function installedAsLocked(lock, installed) {
  if (!lock || !installed) return false;
  return Object.entries(lock).every(([path, wanted]) => {
    if (path === '') return true;
    const got = installed[path];
    // Optional ones are for other platforms, or may fail.
    if (!got) return Boolean(wanted.optional || wanted.devOptional || wanted.peer);
    return got.version === wanted.version && got.integrity === wanted.integrity;
  });
}

function readLock(...parts) {
  try {
    return JSON.parse(readFileSync(inProject(...parts), 'utf8')).packages;
  } catch {
    return null;
  }
}
