import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectNode } from './node-toolchain.mjs';
import { inProject, root } from './project.mjs';
import { runCommand } from './run-command.mjs';
import { readStamp, sha256, stamp } from './stamp.mjs';

const SOURCES = ['main', 'preload', 'renderer', 'native-models', 'electron.vite.config.ts', 'package-lock.json'];
const BUILDER = inProject('node_modules', 'electron-vite', 'bin', 'electron-vite.js');

export const appBuild = {
  name: 'build',
  isDone: () => readStamp().build === fingerprint() && existsSync(inProject('out', 'main')),
  async run() {
    if (!existsSync(inProject('electron.vite.config.ts'))) return 'nothing to build yet';
    const before = fingerprint();
    const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
    await runCommand(projectNode(), [BUILDER, 'build', '--logLevel', 'warn'], { env });
    stamp('build', before);
    return 'in out/';
  },
};

/** Sizes and times of all sources: milliseconds to make, and a rebuild too many does no harm. */
function fingerprint() {
  const lines = [];
  for (const source of SOURCES) collect(source, lines);
  return sha256(lines.sort().join('\n'));
}

function collect(path, lines) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    for (const name of readdirSync(join(root, path))) collect(`${path}/${name}`, lines);
  } else if (stats) {
    lines.push(`${path} ${stats.size} ${stats.mtimeMs}`);
  }
}
