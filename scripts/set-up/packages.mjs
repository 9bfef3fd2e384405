import { readFileSync } from 'node:fs';
import { findNpmCli, npmEnvironment } from './find-npm.mjs';
import { projectNode } from './node-toolchain.mjs';
import { inProject } from './project.mjs';
import { runCommand } from './run-command.mjs';

export const packages = {
  name: 'npm packages',
  isDone: () => installedAsLocked(readLock('package-lock.json'), readLock('node_modules', '.package-lock.json')),
  async run() {
    requireLockUpToDate();
    // Not `npm ci`: it refuses a lock file as soon as a binary package for *another* platform cannot be found in the registry
    // (seen with a mirror that lagged behind). This installs the same versions, needs no emptied node_modules, and the
    // comparison afterwards is ours.
    // Install scripts stay off: what has to be built is built by a step of its own, the others only download GPU libraries.
    const args = ['install', '--no-save', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'];
    await runCommand(projectNode(), [findNpmCli(), ...args], { env: npmEnvironment() });
    if (!this.isDone())
      throw new Error('what npm installed is not what package-lock.json says; delete node_modules and try again');
    return 'as locked';
  },
};

/** With a package.json that asks for something else, npm would resolve anew and no two machines would have the same. */
function requireLockUpToDate() {
  const wanted = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  const locked = readLock('package-lock.json')?.[''] ?? {};
  for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    const [a, b] = [wanted[group] ?? {}, locked[group] ?? {}];
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (a[name] !== b[name])
        throw new Error(`package-lock.json is out of date (${name}): run npm install and commit it`);
    }
  }
}

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
