import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const project = resolve(import.meta.dirname, '../../..');

/** Each rule with a file that breaks it, besides files that may do what they do. */
const PLANTED: Record<string, { file: string; imports: string }> = {
  'no-cycles': { file: 'main/platform/round.ts', imports: './trip.ts' },
  'no-unresolvable': { file: 'main/platform/lost.ts', imports: './nowhere.ts' },
  'contract-is-alone': { file: 'main/contract/nosy.ts', imports: '../lib/fine.ts' },
  'contract-takes-zod-only': { file: 'main/contract/greedy.ts', imports: 'ws' },
  'lib-is-alone': { file: 'main/lib/nosy.ts', imports: '../ports/fine.ts' },
  'domain-is-pure': { file: 'main/domain/impure.ts', imports: '../ports/fine.ts' },
  'ports-know-types-only': { file: 'main/ports/nosy.ts', imports: '../platform/fine.ts' },
  'no-node-core-in-pure-parts': { file: 'main/domain/reads-files.ts', imports: 'node:fs' },
  'pipeline-knows-ports': { file: 'main/pipeline/nosy.ts', imports: '../cascade/fine.ts' },
  'architectures-know-ports': { file: 'main/cascade/nosy.ts', imports: '../platform/fine.ts' },
  'tools-know-ports': { file: 'main/tools/nosy.ts', imports: '../platform/fine.ts' },
  'engines-are-reached-through-children': { file: 'main/platform/shortcut.ts', imports: '../engines/asr/fine.ts' },
  'engines-do-not-know-each-other': { file: 'main/engines/tts/nosy.ts', imports: '../asr/fine.ts' },
  'engines-know-ports': { file: 'main/engines/asr/nosy.ts', imports: '../../pipeline/fine.ts' },
  'native-addons-in-children-only': { file: 'main/platform/native.ts', imports: 'naudiodon' },
  'window-knows-the-contract-only': { file: 'renderer/nosy.ts', imports: '../main/platform/fine.ts' },
  'electron-in-its-shell-only': { file: 'main/platform/shell.ts', imports: 'electron' },
  'roots-are-imported-by-nobody': { file: 'main/platform/upwards.ts', imports: '../cli.ts' },
  'only-roots-see-the-app': { file: 'main/platform/whole.ts', imports: '../app.ts' },
  'sources-never-import-tests': { file: 'main/platform/fake.ts', imports: '../../test/fakes/fine.ts' },
  'no-dev-dependency-in-the-app': { file: 'main/platform/dev.ts', imports: 'vite' },
};

const ALLOWED: Record<string, string[]> = {
  'main/contract/errors.ts': ['zod'],
  'main/contract/fine.ts': ['zod', './errors.ts'],
  'main/lib/fine.ts': ['../contract/errors.ts'],
  'main/domain/fine.ts': ['../contract/fine.ts', '../lib/fine.ts'],
  'main/ports/fine.ts': ['../contract/fine.ts'],
  'main/pipeline/fine.ts': ['../ports/fine.ts', '../domain/fine.ts'],
  'main/cascade/fine.ts': ['../pipeline/fine.ts', 'node:crypto'],
  'main/engines/shared.ts': ['naudiodon'],
  'main/engines/asr/fine.ts': ['../shared.ts', '../../ports/fine.ts', 'naudiodon'],
  'main/children/entries/listen-worker.ts': ['../../engines/asr/fine.ts', '../../platform/fine.ts'],
  'main/platform/fine.ts': ['node:fs', 'ws'],
  'main/platform/trip.ts': ['./round.ts'],
  'main/app.ts': ['./platform/fine.ts', './pipeline/fine.ts'],
  'main/cli.ts': ['./app.ts'],
  'main/electron-main.ts': ['electron', './app.ts'],
  'renderer/fine.ts': ['../main/contract/fine.ts'],
  'test/fakes/fine.ts': ['../../main/engines/asr/fine.ts'],
};

interface Violation {
  from: string;
  rule: { name: string };
}

let tree: string;
let violations: Violation[];

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'parley-import-rules-'));
  await symlink(join(project, 'node_modules'), join(tree, 'node_modules'));
  for (const name of ['tsconfig.json', 'package.json']) await symlink(join(project, name), join(tree, name));
  for (const [file, imports] of Object.entries(ALLOWED)) await plant(file, imports);
  for (const { file, imports } of Object.values(PLANTED)) await plant(file, [imports]);
  violations = await cruise(['main', 'renderer', 'test']);
}, 60_000);

afterAll(() => rm(tree, { recursive: true, force: true }));

async function plant(file: string, imports: string[]): Promise<void> {
  const path = join(tree, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, imports.map((name) => `import '${name}';\n`).join(''));
}

async function cruise(folders: string[]): Promise<Violation[]> {
  const cruiser = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(project, '.dependency-cruiser.cjs');
  const args = [cruiser, '--config', config, '--output-type', 'json', ...folders];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: tree, maxBuffer: 64 << 20 });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('import rules', () => {
  test('every rule has a planted violation', async () => {
    const { default: config } = (await import(join(project, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    expect(config.forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(PLANTED).sort());
  });

  test.each(Object.entries(PLANTED))('%s catches its violation', (name, { file }) => {
    expect(violations.filter((violation) => violation.from === file).map(({ rule }) => rule.name)).toContain(name);
  });

  test.each(Object.keys(ALLOWED).filter((file) => !file.endsWith('trip.ts')))('%s breaks no rule', (file) => {
    expect(violations.filter((violation) => violation.from === file).map(({ rule }) => rule.name)).toEqual([]);
  });
});
