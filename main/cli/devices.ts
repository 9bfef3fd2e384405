import { parseArgs } from 'node:util';
import type { AudioDevice } from '../contract/state.ts';
import { listAudioDevices, testAudioDevices } from './audio-devices.ts';
import { describeEchoTest } from './echo-report.ts';
import type { CliCommand } from './command.ts';

const HELP = `Usage: parley devices [--json] [--test]

Lists microphones and loudspeakers with their ids, rates and channels. * marks the one that is used unless another is chosen.
--test plays a sweep and noise for 6 s on the system's own devices and says whether their echo can be cancelled.`;

/** `entriesDir` is where the children's mains are, see ForkHost. */
export function devicesCommand({ entriesDir }: { entriesDir: string }): CliCommand {
  return {
    help: HELP,
    async run(args, { terminal }) {
      const { values } = parseArgs({
        args,
        options: { json: { type: 'boolean', default: false }, test: { type: 'boolean', default: false } },
      });
      if (values.test) {
        const result = await testAudioDevices({ entriesDir });
        for (const line of values.json ? [JSON.stringify(result, null, 2)] : describeEchoTest(result))
          terminal.out(line);
        return 0;
      }
      const devices = await listAudioDevices({ entriesDir });
      if (values.json) {
        terminal.out(JSON.stringify(devices, null, 2));
        return 0;
      }
      if (devices.length === 0) {
        terminal.note(
          'No microphone or loudspeaker was found. The browser can still be both: npm start -- --audio browser',
        );
        return 1;
      }
      for (const kind of ['input', 'output'] as const) {
        terminal.out(kind === 'input' ? 'Microphones' : 'Loudspeakers');
        const rows = devices.filter((device) => device.kind === kind).map(row);
        for (const line of rows.length > 0 ? rows : ['  none']) terminal.out(line);
      }
      return 0;
    },
  };
}

function row({ id, name, hostApi, defaultSampleRateHz, channels, isDefault }: AudioDevice): string {
  const particulars = `${hostApi}, ${defaultSampleRateHz} Hz, ${channels} channel${channels === 1 ? '' : 's'}`;
  return `${isDefault ? '*' : ' '} ${name}  (${particulars})  id ${id}`;
}
