import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { ParleyError } from '../../contract/errors.ts';
import { appWindowBrowsers } from '../../platform/browser-window-opener.ts';
import { listModels } from '../../platform/models/check-models.ts';
import { formatBytes } from '../../platform/models/format-bytes.ts';
import { loadShippedCatalogue } from '../../platform/models/model-catalogue.ts';
import { listAudioDevices } from '../audio-devices.ts';
import type { Finding } from './finding.ts';

const NEEDED_NODE_MAJOR = 24;
/** Room for a larger language model. */
const COMFORTABLE_BYTES = 2e9;
const NEEDED_BYTES = 3e8;

export function checkNode(version = process.versions.node): Finding {
  const isEnough = Number(version.split('.')[0]) >= NEEDED_NODE_MAJOR;
  if (isEnough) return { part: 'Node', status: 'ok', detail: version };
  return {
    part: 'Node',
    status: 'fail',
    detail: `${version}, ${NEEDED_NODE_MAJOR} is needed`,
    nextStep: 'npm run setup',
  };
}

export function checkBuild({ rendererDir }: { rendererDir: string }): Finding {
  if (existsSync(rendererDir)) return { part: 'Build', status: 'ok', detail: 'the window is built' };
  return { part: 'Build', status: 'warn', detail: 'the window is not built', nextStep: 'npm run setup' };
}

export function checkModels({ modelsDir }: { modelsDir: string }): Finding {
  const starters = listModels({ catalogue: loadShippedCatalogue(), modelsDir }).filter(({ entry }) => entry.starter);
  const wrong = starters.filter(({ state }) => state !== 'installed');
  if (wrong.length === 0)
    return { part: 'Models', status: 'ok', detail: `${starters.length} starter models in ${modelsDir}` };
  return {
    part: 'Models',
    status: 'fail',
    detail: wrong
      .map(({ entry, state }) => `${entry.id} ${state === 'changed' ? 'has changed' : 'is missing'}`)
      .join(', '),
    nextStep: 'npx parley models install --starter',
  };
}

export async function checkDisk({ dataDir }: { dataDir: string }): Promise<Finding> {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    const detail = `${dataDir} cannot be written: ${(error as Error).message}`;
    return {
      part: 'Disk',
      status: 'fail',
      detail,
      nextStep: 'give yourself the right to write there, or set PARLEY_DATA',
    };
  }
  const { bavail, bsize } = await statfs(dataDir);
  const freeBytes = bavail * bsize;
  const detail = `${formatBytes(freeBytes)} free in ${dataDir}`;
  if (freeBytes >= COMFORTABLE_BYTES) return { part: 'Disk', status: 'ok', detail };
  const status = freeBytes >= NEEDED_BYTES ? 'warn' : 'fail';
  return { part: 'Disk', status, detail, nextStep: 'free some space, or set PARLEY_DATA to another disk' };
}

export function checkBrowser(env = process.env, platform = process.platform): Finding {
  const found = appWindowBrowsers(platform, env).find((file) => existsSync(file));
  if (found) return { part: 'Browser', status: 'ok', detail: found };
  return {
    part: 'Browser',
    status: 'warn',
    detail: 'no Chrome, Chromium, Edge or Brave for an app window',
    nextStep: 'install one, or open the address that npm start prints in any browser',
  };
}

/** Lists the devices as the app would. */
export async function checkAudio({ entriesDir }: { entriesDir: string }): Promise<Finding> {
  const nextStep = 'connect a microphone and a loudspeaker; or: npm start -- --audio browser';
  try {
    const devices = await listAudioDevices({ entriesDir });
    const inputs = devices.filter(({ kind }) => kind === 'input').length;
    const outputs = devices.length - inputs;
    const detail = `${inputs} microphones, ${outputs} loudspeakers (npx parley devices)`;
    if (inputs > 0 && outputs > 0) return { part: 'Sound card', status: 'ok', detail };
    return { part: 'Sound card', status: 'warn', detail, nextStep };
  } catch (error) {
    const { code, message } = ParleyError.from(error, 'audio');
    return { part: 'Sound card', status: 'warn', detail: `${code}: ${message}`, nextStep };
  }
}
