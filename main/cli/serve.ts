import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createApp } from '../app.ts';
import { SilentBus } from '../audio/silent-bus.ts';
import { ForkHost } from '../children/fork-host.ts';
import { JsonLogger, logLevelFrom, stderrSink } from '../platform/json-logger.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';
import { EnvironmentSecrets } from '../platform/secrets.ts';
import { SettingsFile } from '../platform/settings.ts';
import { UsageError, type CliCommand, type CommandContext, type ExitCode } from './command.ts';
import { ownPaths } from './own-paths.ts';

const HELP = `Usage: parley serve --realtime [options]

Serves Parley to programs on this machine that speak the OpenAI Realtime protocol: their microphone, our answers.

  --port <n>           default 7412; 0: any free one
  --token <t>          what clients have to show; default: PARLEY_REALTIME_TOKEN, else a new one, which is printed
  --architecture <id>  what answers: cascade (default), or a hosted model with a key, such as openai-realtime

One conversation at a time. Ctrl-C ends it. docs/speech-to-speech.md tells what of the protocol is spoken.`;

const DEFAULT_PORT = 7412;
const LEAST_TOKEN_CHARS = 16;

interface ServeFlags {
  port: number;
  token: string;
  isOwnToken: boolean;
  architectureId: string;
}

/** `entriesDir` is where the children's mains are, see ForkHost. */
export function serveCommand({ entriesDir }: { entriesDir: string }): CliCommand {
  return { help: HELP, run: (args, context) => serve(parseFlags(args), { ...context, entriesDir }) };
}

function parseFlags(args: string[]): ServeFlags {
  const { values } = parseArgs({
    args,
    options: {
      realtime: { type: 'boolean', default: false },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      token: { type: 'string' },
      architecture: { type: 'string', default: 'cascade' },
    },
  });
  if (!values.realtime) throw new UsageError('say what to serve: --realtime');
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('--port takes a port');
  const given = values.token ?? process.env.PARLEY_REALTIME_TOKEN?.trim();
  if (given && given.length < LEAST_TOKEN_CHARS) {
    throw new UsageError(`a token has at least ${LEAST_TOKEN_CHARS} characters: whoever has it talks to your tools`);
  }
  const token = given || randomBytes(32).toString('base64url');
  return { port, token, isOwnToken: Boolean(given), architectureId: values.architecture };
}

async function serve(flags: ServeFlags, context: CommandContext & { entriesDir: string }): Promise<ExitCode> {
  const { terminal, signal } = context;
  const paths = ownPaths();
  const settings = await SettingsFile.open(paths.settingsFile);
  const app = await createApp({
    clock: new MonotonicClock(),
    paths,
    logger: new JsonLogger({
      sinks: [stderrSink(logLevelFrom(process.env.PARLEY_LOG, 'error'))],
      now: () => new Date().toISOString(),
    }),
    // What is served is asked for on the command line, and here the app's own conversation has nobody to talk to.
    settings: {
      current: {
        ...settings.current,
        architectureId: 'cascade',
        realtimeServer: { ...settings.current.realtimeServer, enabled: false },
      },
      notices: [],
      update: (patch) => settings.update(patch),
    },
    secrets: new EnvironmentSecrets(process.env),
    childHost: new ForkHost({ entriesDir: context.entriesDir }),
    audio: { file: (events) => new SilentBus({ events }) },
  });
  try {
    await app.whenListening();
    const { baseUrl } = await app.realtime.serve(flags);
    terminal.out(`${baseUrl.replace('http', 'ws')}/realtime`);
    if (!flags.isOwnToken) terminal.out(`Token: ${flags.token}`);
    terminal.note('Ctrl-C ends it.');
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    await app.close();
  }
  return 0;
}
