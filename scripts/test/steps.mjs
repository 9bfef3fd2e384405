import { existsSync } from 'node:fs';
import { inProject } from '../set-up/project.mjs';

const bin = (...parts) => inProject('node_modules', ...parts);

/** Folders and files that hold code of ours. */
const CODE = ['main', 'preload', 'renderer', 'scripts', 'bin', 'test'];

/** Every step of `npm test`: a program for the project's Node. `tests` says who counts. */
export const steps = [
  { name: 'prettier', group: 'lint', args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  { name: 'eslint', group: 'lint', args: [bin('eslint/bin/eslint.js'), '--max-warnings=0', '.'] },
  { name: 'tsc', group: 'lint', args: [bin('typescript/bin/tsc'), '-p', '.'] },
  {
    name: 'svelte-check',
    group: 'lint',
    args: [
      bin('svelte-check/bin/svelte-check'),
      '--tsconfig',
      'renderer/tsconfig.json',
      '--output',
      'human',
      '--fail-on-warnings',
    ],
    needs: 'renderer/tsconfig.json',
  },
  {
    name: 'depcruise',
    group: 'lint',
    args: [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      ...CODE,
    ],
  },
  { name: 'knip', group: 'lint', args: [bin('knip/bin/knip.js'), '--no-progress'] },
  vitestStep('unit'),
  vitestStep('renderer'),
  vitestStep('contract'),
  vitestStep('scenario'),
  vitestStep('fault'),
  vitestStep('model'),
  vitestStep('device'),
  playwrightStep('views'),
  playwrightStep('real-time'),
];

function vitestStep(project) {
  const args = [bin('vitest/vitest.mjs'), 'run', '--project', project, '--passWithNoTests'];
  return { name: project, group: 'test', tests: 'vitest', args };
}

function playwrightStep(project) {
  const args = [bin('@playwright/test/cli.js'), 'test', '--project', project, '--reporter=list,json'];
  return { name: `e2e-${project}`, group: 'e2e', tests: 'playwright', args, needs: 'playwright.config.ts' };
}

/** The chosen steps, by name or group; throws on a name that there is none of. */
export function chooseSteps(only) {
  if (!only) return steps;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !steps.some((step) => step.name === name || step.group === name));
  if (unknown !== undefined)
    throw new Error(`no step is called "${unknown}"; there are ${steps.map(({ name }) => name).join(', ')}`);
  return steps.filter((step) => names.includes(step.name) || names.includes(step.group));
}

export function whyNotRunnable(step) {
  return step.needs && !existsSync(inProject(step.needs)) ? `there is no ${step.needs}` : null;
}
