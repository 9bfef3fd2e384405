import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const MIN_PYTHON_MINOR = 11;
const LAST_LINES = 15;
/** What Debian calls the parts that cannot come from pip. */
const PACKAGES = {
  python: 'python3',
  venv: 'python3-venv',
  headers: 'python3-dev',
  compiler: 'gcc',
  portAudio: 'portaudio19-dev',
};

/**
 * Pipecat's own Python, made once in the cache folder (300 MB, some minutes) and used again as long as the pinned versions are the same. Rejects with a
 * sentence that says what is missing on this machine, or with pip's last lines.
 */
export async function preparePython(options: { cacheDir: string; say(line: string): void }): Promise<string> {
  const requirements = await readFile(REQUIREMENTS, 'utf8');
  const hash = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
  const folder = join(options.cacheDir, 'peers', `pipecat-${hash}`);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete) && run(python, ['-c', 'import pipecat, pyaudio']).ok) return python;
  const missing = missingPackages();
  if (missing.length > 0) throw new Error(missingWords(missing));
  options.say(`making a Python environment for Pipecat in ${folder}: once, some minutes`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  insist('python3', ['-m', 'venv', folder]);
  insist(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--requirement', REQUIREMENTS]);
  await writeFile(complete, '');
  return python;
}

/** Debian's names of what is not there. Looked for before pip is started: it would say so on page three of a compiler's output. */
function missingPackages(): string[] {
  const python = (code: string): { ok: boolean; text: string } => run('python3', ['-c', code]);
  if (!python(`import sys; sys.exit(sys.version_info < (3, ${MIN_PYTHON_MINOR}))`).ok) return [PACKAGES.python];
  const header = python('import sysconfig; print(sysconfig.get_paths()["include"])').text.trim();
  const found: readonly (readonly [string, boolean])[] = [
    [PACKAGES.venv, python('import venv, ensurepip').ok],
    [PACKAGES.headers, existsSync(join(header, 'Python.h'))],
    [PACKAGES.compiler, run('sh', ['-c', 'command -v gcc']).ok],
    [PACKAGES.portAudio, ['/usr/include', '/usr/local/include'].some((each) => existsSync(join(each, 'portaudio.h')))],
  ];
  return found.filter(([, isThere]) => !isThere).map(([name]) => name);
}

function missingWords(packages: readonly string[]): string {
  const python = packages.includes(PACKAGES.python) ? ` (Python 3.${MIN_PYTHON_MINOR} or newer)` : '';
  return `Pipecat cannot be set up here, something is missing${python}: apt-get install ${packages.join(' ')}`;
}

function insist(command: string, args: readonly string[]): void {
  const { ok, text } = run(command, args);
  if (ok) return;
  const last = text.trimEnd().split('\n').slice(-LAST_LINES);
  throw new Error([`Pipecat cannot be set up: ${command} ${args.slice(0, 3).join(' ')} … failed:`, ...last].join('\n'));
}

function run(command: string, args: readonly string[]): { ok: boolean; text: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { ok: status === 0, text: `${stdout ?? ''}${stderr ?? ''}` };
}
