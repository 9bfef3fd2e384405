import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readStamp, stamp } from './stamp.mjs';
import { runCommand } from './run-command.mjs';

/** Needed to build the PortAudio binding, to reach PulseAudio and PipeWire through ALSA, and to take models from wheels. */
const TO_RUN = ['g++', 'make', 'python3', 'python3-pip', 'libasound2-plugins'];
/** The end-to-end and device tests speak to a real browser and to real PortAudio devices made by PulseAudio. */
const TO_TEST = ['pulseaudio', 'pulseaudio-utils', 'chromium'];
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

export function systemPackages({ forTests }) {
  const wanted = `${process.platform} ${forTests ? 'tests' : 'run'}`;
  return {
    name: 'system packages',
    isDone: () => process.platform === 'win32' || [wanted, `${process.platform} tests`].includes(readStamp().system),
    async run() {
      const missing = isDebianLike() ? await missingDebs(forTests) : missingTools();
      if (missing.length > 0) {
        if (!isDebianLike() || process.getuid() !== 0) return adviceFor(missing);
        await installDebs(missing);
      }
      stamp('system', wanted);
      return missing.length > 0 ? `installed ${missing.join(' ')}` : 'all there';
    },
    otherwise: 'what needs them will say so',
  };
}

/** Something for a person to do: the next set-up looks again. */
function adviceFor(missing) {
  return { advice: `missing: ${missing.join(' ')}. Install with:\n    ${installCommand(missing)}` };
}

function isDebianLike() {
  return process.platform === 'linux' && existsSync('/usr/bin/dpkg-query') && existsSync('/usr/bin/apt-get');
}

async function missingDebs(forTests) {
  const wanted = [...TO_RUN, ...(forTests ? TO_TEST : [])].filter((name) => name !== 'chromium' || needsChromium());
  const format = '${Package} ${db:Status-Status}\\n';
  // Fails as a whole when one name is unknown to it, and still prints the others.
  const listed = await runCommand('/bin/sh', [
    '-c',
    'dpkg-query -W -f "$0" "$@" 2>/dev/null || true',
    format,
    ...wanted,
  ]);
  const installed = new Set(
    listed
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

/** Ubuntu's chromium package is a pointer to a snap: there any browser that is installed has to do. */
function needsChromium() {
  if (BROWSERS.some(isOnPath)) return false;
  return !/^ID=ubuntu$/m.test(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '');
}

async function installDebs(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => runCommand('apt-get', ['install', '-y', '--no-install-recommends', '-qq', ...names], { env });
  try {
    await install();
  } catch {
    // Stale or empty lists are the usual reason.
    await runCommand('apt-get', ['update', '-qq'], { env });
    await install();
  }
}

function missingTools() {
  const compiler = isOnPath('c++') || isOnPath('g++') || isOnPath('clang++');
  return [...(compiler ? [] : ['c++']), ...['make', 'python3'].filter((name) => !isOnPath(name))];
}

function installCommand(missing) {
  if (isDebianLike()) return `sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.platform === 'darwin') return 'xcode-select --install';
  if (isOnPath('dnf')) return 'sudo dnf install gcc-c++ make python3 python3-pip alsa-plugins-pulseaudio';
  if (isOnPath('pacman')) return 'sudo pacman -S --needed base-devel python python-pip alsa-plugins';
  return `your package manager (${missing.join(', ')})`;
}

function isOnPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
