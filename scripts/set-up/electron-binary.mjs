import { existsSync, readFileSync } from 'node:fs';
import { get } from 'node:https';
import { projectNode } from './node-toolchain.mjs';
import { inProject } from './project.mjs';
import { runCommand } from './run-command.mjs';

const DOWNLOAD_LIMIT_MS = 10 * 60_000;
const ANSWER_LIMIT_MS = 3000;
const RELEASES = 'https://github.com/electron/electron/releases/';

/**
 * Path of Electron's executable, downloaded when need be; or, in one line, why there is none. The npm package carries no
 * binary and downloads it on first use, from its release host or from ELECTRON_MIRROR.
 */
export async function findElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { reason: 'there is no graphical display' };
  }
  if (process.platform === 'linux' && process.getuid() === 0) {
    return { reason: 'Electron does not run as root without giving up its sandbox' };
  }
  const present = installed();
  if (present) return { path: present };
  const unreachable = await whyUnreachable(
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? RELEASES,
  );
  if (unreachable) return { reason: `Electron's binary cannot be downloaded (${unreachable})` };
  console.log('… downloading Electron');
  try {
    const installer = inProject('node_modules', 'electron', 'install.js');
    await runCommand(projectNode(), [installer], { timeoutMs: DOWNLOAD_LIMIT_MS });
  } catch (error) {
    return { reason: `Electron's binary could not be downloaded (${error.message.split('\n')[1] ?? error.message})` };
  }
  const path = installed();
  return path ? { path } : { reason: "Electron's download left no executable" };
}

function installed() {
  const note = inProject('node_modules', 'electron', 'path.txt');
  if (!existsSync(note)) return null;
  const path = inProject('node_modules', 'electron', 'dist', readFileSync(note, 'utf8'));
  return existsSync(path) ? path : null;
}

/** Asks for an answer of any kind: a start must not hang on a host that swallows packets. Behind a proxy nobody knows. */
async function whyUnreachable(url) {
  if (process.env.HTTPS_PROXY || process.env.https_proxy || !url.startsWith('https:')) return null;
  return new Promise((resolve) => {
    const request = get(url, { timeout: ANSWER_LIMIT_MS }, (response) => {
      response.destroy();
      resolve(null);
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error) => resolve(error.message));
  });
}
