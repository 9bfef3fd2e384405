import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findNpmCli } from './find-npm.mjs';
import { projectNode } from './node-toolchain.mjs';
import { inProject } from './project.mjs';
import { runCommand } from './run-command.mjs';
import { readStamp, sha256OfSmallFile, stamp } from './stamp.mjs';

/** Where the models go depends on the user and on these; the rule itself is the app's (main/platform/paths.ts). */
const SURROUNDINGS = ['PARLEY_DATA', 'XDG_DATA_HOME', 'HOME', 'LOCALAPPDATA'];

export function starterModels({ forTests }) {
  const wantedFor = () => ({
    catalogue: sha256OfSmallFile(inProject('native-models', 'catalogue.json')),
    surroundings: SURROUNDINGS.map((name) => process.env[name] ?? '').join('\n'),
  });
  const isWanted = (model) => model.starter || (forTests && model.forTests);
  return {
    name: 'models',
    isDone() {
      const done = readStamp().models;
      const { catalogue, surroundings } = wantedFor();
      if (done?.catalogue !== catalogue || done.surroundings !== surroundings) return false;
      return done.models.filter(isWanted).every(({ marker }) => existsSync(marker));
    },
    async run() {
      const cli = inProject('main', 'cli.ts');
      const env = { ...process.env, npm_execpath: findNpmCli() };
      const flags = ['--starter', ...(forTests ? ['--tests'] : [])];
      await runCommand(projectNode(), [cli, 'models', 'install', ...flags], { show: true, env });
      const listed = JSON.parse(await runCommand(projectNode(), [cli, 'models', 'list', '--json'], { env }));
      const models = listed.models.map(({ id, starter, forTests: tests }) => ({
        ...{ starter, forTests: tests },
        marker: join(listed.modelsDir, id, 'installed.json'),
      }));
      stamp('models', { ...wantedFor(), models });
      return `in ${listed.modelsDir}`;
    },
    otherwise: 'the app starts and says which models are missing; "npx parley models install --starter" tries again',
  };
}
