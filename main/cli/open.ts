import { parseArgs } from 'node:util';
import { openBrowserWindow } from '../platform/browser-window-opener.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';
import { requestOpenUrl } from '../transport/web-host-control.ts';
import type { CliCommand } from './command.ts';
import { ownPaths } from './own-paths.ts';

const HELP = `Usage: parley open [--print]

Opens the Parley that is running in your browser. The address that Parley prints when it starts lets one browser in, once;
this gets another one.

  --print    print the new address instead of opening it`;

export const openCommand: CliCommand = {
  help: HELP,
  async run(args, { terminal }) {
    const { values } = parseArgs({ args, options: { print: { type: 'boolean', default: false } } });
    const { runDir, dataDir } = ownPaths();
    const url = await requestOpenUrl(runDir);
    const opened =
      !values.print &&
      (await openBrowserWindow({
        url,
        profileDir: dataDir,
        platform: process.platform,
        // A tab in the browser that the user has: an app window would end with this command.
        env: { ...process.env, PARLEY_BROWSER: process.env.PARLEY_BROWSER === 'none' ? 'none' : 'default' },
        clock: new MonotonicClock(),
      }));
    terminal.out(opened ? 'Opened Parley in your browser.' : url);
    return 0;
  },
};
