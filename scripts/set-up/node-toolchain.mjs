import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findNpmCli, npmEnvironment } from './find-npm.mjs';
import { inProject, NODE_MAJOR, TOOLCHAIN_NODE_VERSION } from './project.mjs';
import { runCommand } from './run-command.mjs';

const platformName = process.platform === 'win32' ? 'win' : process.platform;
const packageName = `node-${platformName}-${process.arch}`;
const folder = inProject('.toolchain', 'node_modules', packageName);
const executable = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The Node that runs the project: the host's own when it is new enough, else the one that set-up installs. */
export function projectNode() {
  return hostIsNewEnough() ? process.execPath : executable;
}

/** The folder with include/node of that Node, or null: node-gyp then downloads the headers itself. */
export function nodeHeaders() {
  const prefix = hostIsNewEnough() ? dirname(dirname(process.execPath)) : folder;
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? prefix : null;
}

export function hostIsNewEnough() {
  return Number(process.versions.node.split('.')[0]) >= NODE_MAJOR;
}

export const nodeToolchain = {
  name: `Node ${TOOLCHAIN_NODE_VERSION}`,
  isDone: () => hostIsNewEnough() || installedVersion() === TOOLCHAIN_NODE_VERSION,
  async run() {
    const wanted = `${packageName}@${TOOLCHAIN_NODE_VERSION}`;
    const args = ['install', '--no-save', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'];
    const prefix = inProject('.toolchain');
    await runCommand(process.execPath, [findNpmCli(), ...args, '--prefix', prefix, wanted], { env: npmEnvironment() });
    return `from npm, because this machine has ${process.versions.node}`;
  },
};

function installedVersion() {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return existsSync(executable) ? version : null;
  } catch {
    return null;
  }
}
