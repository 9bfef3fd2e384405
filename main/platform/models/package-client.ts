import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { PackagePart } from './model-catalogue.ts';
import { SourceFailure } from './source-failure.ts';

export interface PackageRequest {
  part: PackagePart;
  /** An empty folder of its own, on the file system that has room. Holds the archive afterwards. */
  folder: string;
  /** Bytes on disk so far, as far as can be seen from outside. */
  onBytes?: (bytes: number) => void;
  signal?: AbortSignal;
}

/** Fetches one archive from a package registry, with whatever mirror and certificates the user has set up for its client. */
export interface PackageClient {
  /** Resolves with the archive's path. Throws SourceFailure. Abort ends the client and rejects with the signal's reason. */
  fetch(request: PackageRequest): Promise<string>;
}

interface Command {
  program: string;
  args: string[];
}

const PYTHONS: Command[] =
  process.platform === 'win32'
    ? [
        { program: 'py', args: ['-3'] },
        { program: 'python', args: [] },
      ]
    : [
        { program: 'python3', args: [] },
        { program: 'python', args: [] },
      ];

/** `pip download` of a wheel. Nothing is installed and nothing of the package is run. */
export class PipClient implements PackageClient {
  readonly #clock: Clock;
  #python: Promise<Command> | undefined;

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  async fetch({ part, folder, onBytes, signal }: PackageRequest): Promise<string> {
    this.#python ??= findPython();
    const python = await this.#python;
    // pip collects in TMPDIR and copies to the destination at the end: keep both on the disk that was checked for room.
    const scratch = join(folder, 'tmp');
    await mkdir(scratch, { recursive: true });
    const args = [
      ...['-m', 'pip', 'download', `${part.name}==${part.version}`, '--dest', folder],
      ...['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check', '--no-input', '--quiet'],
      // The files inside are data: neither the Python of this machine nor its platform matters.
      ...['--python-version', '3.12', ...(part.platform ? ['--platform', part.platform] : [])],
    ];
    await runWatched({
      command: { program: python.program, args: [...python.args, ...args] },
      env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch },
      watch: { folder, clock: this.#clock, onBytes },
      signal,
    });
    await rm(scratch, { recursive: true, force: true });
    return await onlyArchive(folder, '.whl');
  }
}

/** `npm pack` of a published package. Its scripts are not run. */
export class NpmClient implements PackageClient {
  readonly #clock: Clock;

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  async fetch({ part, folder, onBytes, signal }: PackageRequest): Promise<string> {
    const args = ['pack', `${part.name}@${part.version}`, '--pack-destination', folder, '--ignore-scripts', '--silent'];
    await runWatched({ command: npmCommand(args), watch: { folder, clock: this.#clock, onBytes }, signal });
    return await onlyArchive(folder, '.tgz');
  }
}

/** npm's own script when npm started us, else whatever the PATH has. */
function npmCommand(args: string[]): Command {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('npm-cli.js')) return { program: process.execPath, args: [script, ...args] };
  if (process.platform !== 'win32') return { program: 'npm', args };
  // A .cmd file needs a shell; the catalogue's schema keeps shell characters out of names and versions.
  return { program: process.env['ComSpec'] ?? 'cmd.exe', args: ['/d', '/s', '/c', 'npm.cmd', ...args] };
}

async function findPython(): Promise<Command> {
  for (const candidate of PYTHONS) {
    const probe = { program: candidate.program, args: [...candidate.args, '-m', 'pip', '--version'] };
    if (
      await run({ command: probe }).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  }
  const install = process.platform === 'linux' ? ' (on Debian and Ubuntu: sudo apt-get install python3-pip)' : '';
  throw new SourceFailure('no-client', `Python 3 with pip is needed and was not found${install}`);
}

interface RunOptions {
  command: Command;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

interface Watch {
  folder: string;
  clock: Clock;
  onBytes: ((bytes: number) => void) | undefined;
}

const WATCH_EVERY_MS = 250;

/** Runs the client and reports the growth of its folder, the only progress that every version of it shows. */
async function runWatched({ watch, ...options }: RunOptions & { watch: Watch }): Promise<void> {
  const { folder, clock, onBytes } = watch;
  let cancel = () => {};
  const look = () => {
    void folderBytes(folder).then((bytes) => onBytes?.(bytes));
    cancel = clock.schedule(WATCH_EVERY_MS, look);
  };
  if (onBytes) look();
  try {
    await run(options);
  } finally {
    cancel();
  }
}

/** Size of the largest file: pip has the archive twice for a moment. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(file.parentPath, file.name)).then(
        (s) => s.size,
        () => 0,
      ),
    ),
  );
  return Math.max(0, ...sizes);
}

async function run({ command, env = process.env, signal }: RunOptions): Promise<void> {
  const { program, args } = command;
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, { env, signal, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
    child.once('error', (error) => {
      if (signal?.aborted) return; // 'close' follows when the client is really gone
      reject(new SourceFailure('no-client', `${program} cannot be started: ${error.message}`, { cause: error }));
    });
    child.once('close', (code) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else if (code === 0) resolve();
      else reject(new SourceFailure('refused', `${program} failed: ${lastLine(complaint) || `exit code ${code}`}`));
    });
  });
}

/** The client's last word, which names the trouble. */
function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? '';
}

async function onlyArchive(folder: string, extension: string): Promise<string> {
  const archives = (await readdir(folder)).filter((name) => name.endsWith(extension));
  if (archives.length !== 1) throw new SourceFailure('refused', `the client left ${archives.length} archives`);
  return join(folder, archives[0] as string);
}
