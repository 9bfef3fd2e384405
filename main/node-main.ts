// The composition root without Electron: serves the window on 127.0.0.1 and opens it in an installed browser.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createApp } from './app.ts';
import { evaluationParts } from './app-evaluation.ts';
import { ForkHost } from './children/fork-host.ts';
import { appFiles } from './platform/app-files.ts';
import { openBrowserWindow } from './platform/browser-window-opener.ts';
import { fileSink, JsonLogger, logLevelFrom, stderrSink } from './platform/json-logger.ts';
import { MonotonicClock } from './platform/monotonic-clock.ts';
import { evaluationsFolder, resolvePaths } from './platform/paths.ts';
import { EnvironmentSecrets } from './platform/secrets.ts';
import { SettingsFile } from './platform/settings.ts';
import { onStopSignals } from './platform/stop-signals.ts';
import { parseWebFlags, WEB_HOST_HELP, type WebFlags } from './platform/web-flags.ts';
import { WebShell } from './transport/web-shell.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const FORCED_EXIT_CODE = 130;

async function run(flags: WebFlags): Promise<number> {
  const { env, platform } = process;
  const clock = new MonotonicClock();
  const paths = resolvePaths({ platform, env, homeDir: homedir(), workingDir: process.cwd(), dataDir: flags.dataDir });
  const logger = new JsonLogger({
    // The terminal is for the person, in words; what an engineer wants to know is in the file, or asked for by PARLEY_LOG.
    sinks: [
      stderrSink(logLevelFrom(env.PARLEY_LOG, 'silent')),
      fileSink(paths.logFile, logLevelFrom(env.PARLEY_LOG, 'info')),
    ],
  });
  const settings = await SettingsFile.open(paths.settingsFile, logger);
  for (const notice of settings.notices) print(notice);
  const { childEntriesDir, rendererDir, suitesDir } = appFiles(import.meta.dirname);
  const shell = new WebShell({
    createApp: () =>
      createApp({
        clock,
        logger,
        paths,
        settings,
        secrets: new EnvironmentSecrets(env),
        childHost: new ForkHost({ entriesDir: childEntriesDir }),
        evaluation: evaluationParts(suitesDir),
        ...(flags.audio === undefined ? {} : { audio: flags.audio }),
      }),
    rendererDir,
    runDir: paths.runDir,
    evaluationsDir: evaluationsFolder(paths),
    port: flags.port ?? settings.current.port,
    openWindow: flags.open
      ? (url) => openBrowserWindow({ url, profileDir: join(paths.dataDir, 'browser'), platform, env, clock })
      : undefined,
    print,
    clock,
    logger,
  });
  onStopSignals({ clock, process, onStop: () => shell.stop(), onForce: () => process.exit(FORCED_EXIT_CODE) });
  let failed = false;
  process.on('uncaughtException', (error) => {
    logger.error('uncaught', { error });
    if (!failed)
      print('Parley made a mistake that it cannot recover from, and ends. The log file has the particulars.');
    failed = true;
    shell.stop();
  });
  const exitCode = await shell.run();
  return failed ? 1 : exitCode;
}

const flags = parseWebFlags(process.argv.slice(2));
if ('mistake' in flags) {
  process.stderr.write(`${flags.mistake}\n\n${WEB_HOST_HELP}\n`);
  process.exit(2);
}
if (flags.help) {
  print(WEB_HOST_HELP);
  process.exit(0);
}
// Everything is closed by then; what still runs after that (a native thread, a socket) must not keep the program up.
process.exit(await run(flags));
