import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ParleyError } from '../contract/errors.ts';
import { describeDevices, type DeviceListing, type ListedDevice } from './portaudio-devices.ts';
import { portAudioPath } from './portaudio-native.ts';

const LIMIT_MS = 5000;

/** Inline, so that it needs no file of its own in a bundle. */
const SCRIPT = `
const native = require(process.argv[1]);
const devices = native.getDevices();
const apis = native.getHostAPIs();
const usual = apis.HostAPIs[apis.defaultHostAPI] ?? {};
process.stdout.write('\\n' + JSON.stringify({ devices, defaultInput: usual.defaultInput, defaultOutput: usual.defaultOutput }));
`;

/**
 * The devices that are there now, asked for in a process of its own: PortAudio in a process with open streams does not see what was
 * plugged in since. Takes some 200 ms. Throws `engine-failed` when that process cannot be started.
 */
export async function listFreshDevices(): Promise<ListedDevice[]> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', SCRIPT, portAudioPath()], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    return describeDevices(JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as DeviceListing);
  } catch (cause) {
    const message = 'The devices cannot be listed.';
    throw new ParleyError({ code: 'engine-failed', stage: 'audio', retryable: true, message, cause });
  }
}
