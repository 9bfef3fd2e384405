import { parseArgs } from 'node:util';
import { z } from 'zod';

export const WEB_HOST_HELP = `Usage: npm start -- [options]

  --no-open            serve only; print the address and open no window
  --port <number>      port of the window (default 7411 or the setting; 0: any free one)
  --audio <driver>     portaudio, browser, or none, for this run
  --data-dir <folder>  models, settings and records live here (like PARLEY_DATA)
  --help               this text

Environment: PARLEY_LOG=debug|info|warn|error|silent, PARLEY_BROWSER=<executable>|default|none.`;

const flagsSchema = z.object({
  open: z.boolean(),
  /** Undefined: as the settings say. */
  port: z.coerce.number().int().min(0).max(65_535).optional(),
  audio: z.enum(['portaudio', 'browser', 'none']).optional(),
  dataDir: z.string().min(1).optional(),
  help: z.boolean(),
});
export type WebFlags = z.infer<typeof flagsSchema>;

/** What the desktop app understands of the same flags. Electron and Chromium have many of their own, so that unknown ones are theirs. */
export function parseDesktopFlags(args: string[]): Pick<WebFlags, 'audio' | 'dataDir'> {
  const { values } = parseArgs({
    args,
    strict: false,
    options: { audio: { type: 'string' }, 'data-dir': { type: 'string' } },
  });
  const { audio, dataDir } = flagsSchema.shape;
  return { audio: audio.safeParse(values.audio).data, dataDir: dataDir.safeParse(values['data-dir']).data };
}

/** The flags, or a sentence that says what is wrong with them. */
export function parseWebFlags(args: string[]): WebFlags | { mistake: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string' },
        audio: { type: 'string' },
        'data-dir': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { port, audio, help } = values;
    const parsed = flagsSchema.safeParse({
      open: !values['no-open'],
      port: port === '' ? 'nothing' : port,
      audio,
      dataDir: values['data-dir'],
      help,
    });
    if (parsed.success) return parsed.data;
    const name = parsed.error.issues[0]?.path[0] === 'dataDir' ? 'data-dir' : String(parsed.error.issues[0]?.path[0]);
    return { mistake: `--${name} does not take "${values[name as keyof typeof values]}".` };
  } catch (cause) {
    return { mistake: cause instanceof Error ? cause.message : String(cause) };
  }
}
