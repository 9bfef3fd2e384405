import { existsSync, readFileSync } from 'node:fs';
import { findNodeGyp, npmEnvironment } from './find-npm.mjs';
import { nodeHeaders, projectNode } from './node-toolchain.mjs';
import { inProject } from './project.mjs';
import { runCommand } from './run-command.mjs';

const folder = inProject('node_modules', 'naudiodon');
const built = inProject('node_modules', 'naudiodon', 'build', 'Release', 'naudiodon.node');

/** naudiodon (PortAudio) is the one package without a ready binary. It speaks Node-API: one build fits every Node. */
export const nativeAddons = {
  name: 'PortAudio binding',
  // A build belongs to the node_modules it lies in: `npm ci` takes it away with the rest.
  isDone: () => existsSync(built),
  async run() {
    const headers = nodeHeaders();
    const args = ['rebuild', '--directory', folder, '--jobs', '2', '--loglevel', 'error'];
    if (headers) args.push('--nodedir', headers);
    await runCommand(projectNode(), [findNodeGyp(), ...args], { env: npmEnvironment() });
    return `naudiodon ${JSON.parse(readFileSync(inProject('node_modules/naudiodon/package.json'), 'utf8')).version} built`;
  },
  /** Without a sound card the app still hears and speaks through the browser. */
  otherwise: 'sound cards cannot be used; the browser can still be microphone and loudspeaker',
};
