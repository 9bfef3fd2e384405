import { accessSync, existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/**
 * npm's own script, so that it can be run under a Node of our choice: npm refuses packages that want a newer Node than the
 * one it runs under. Throws when there is no npm.
 */
export function findNpmCli() {
  const candidates = [
    process.env.npm_execpath ?? '',
    // Beside the running Node: Unix installations, Windows, and distributions that keep it apart.
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
    npmOnPath(),
  ];
  const found = candidates.find((path) => path.endsWith('npm-cli.js') && existsSync(path));
  if (!found) throw new Error('npm was not found. Install Node.js with npm (18 or later) and try again.');
  return realpathSync(found);
}

function npmOnPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      const path = join(folder, 'npm');
      accessSync(path);
      return realpathSync(path);
    } catch {
      // Not in this folder.
    }
  }
  return '';
}

/** The node-gyp that npm brings along. */
export function findNodeGyp() {
  return join(dirname(findNpmCli()), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
}

/** The environment for npm: without what an outer npm says of its own call, with what our packages must not do. */
export function npmEnvironment() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(config_(local_|global_)?prefix|package_|lifecycle_)/i.test(name)) delete env[name];
  }
  // These fetch GPU libraries at install time; the CPU builds inside the packages do without.
  return { ...env, ONNXRUNTIME_NODE_INSTALL: 'skip', NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true' };
}
