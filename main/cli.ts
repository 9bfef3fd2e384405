// The command line's composition root. Run by bin/parley.mjs.
import project from '../package.json' with { type: 'json' };
import { runCli } from './cli/run-cli.ts';
import { StreamTerminal } from './cli/terminal.ts';
import { appFiles } from './platform/app-files.ts';

const { childEntriesDir: entriesDir, rendererDir, suitesDir } = appFiles(import.meta.dirname);

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
}

// `parley models list | head`: whoever reads has had enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: new StreamTerminal(),
  signal: stop.signal,
  version: project.version,
  // Loaded when asked for: `models` must not wait for what `talk` needs.
  commands: {
    talk: {
      summary: 'talk without a window: through the sound card, or from WAV files',
      load: async () => (await import('./cli/talk.ts')).talkCommand({ entriesDir }),
    },
    serve: {
      summary: 'let programs that speak the OpenAI Realtime protocol talk to Parley',
      load: async () => (await import('./cli/serve.ts')).serveCommand({ entriesDir }),
    },
    open: {
      summary: 'open the Parley that is running in another browser',
      load: async () => (await import('./cli/open.ts')).openCommand,
    },
    models: {
      summary: 'list, install, add and remove models, and measure what suits this machine',
      load: async () => (await import('./cli/models.ts')).modelsCommand({ entriesDir }),
    },
    bench: {
      summary: 'compare architectures: play scenarios into them, score the recordings',
      load: async () => (await import('./cli/bench.ts')).benchCommand({ entriesDir, suitesDir }),
    },
    devices: {
      summary: 'list microphones and loudspeakers',
      load: async () => (await import('./cli/devices.ts')).devicesCommand({ entriesDir }),
    },
    doctor: {
      summary: 'check every part and say what to do',
      load: async () => (await import('./cli/doctor.ts')).doctorCommand({ entriesDir, rendererDir }),
    },
  },
});
