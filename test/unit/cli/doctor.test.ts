import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeFinding } from '../../../main/cli/doctor.ts';
import { checkBrowser, checkDisk, checkModels, checkNode } from '../../../main/cli/doctor/surroundings.ts';

async function inFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-doctor-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('an old Node is a failure with a next step', () => {
  expect(checkNode('22.3.0')).toMatchObject({ status: 'fail', nextStep: 'npm run setup' });
  expect(checkNode('24.0.0').status).toBe('ok');
});

test('missing starter models are named, with the command that installs them', async () => {
  const finding = await inFolder((modelsDir) => checkModels({ modelsDir }));
  expect(finding).toMatchObject({ status: 'fail', nextStep: 'npx parley models install --starter' });
  expect(finding.detail).toContain('moonshine-tiny-en is missing');
});

test('a data folder that cannot be made is a failure', async () => {
  expect(await checkDisk({ dataDir: '/dev/null/parley' })).toMatchObject({ status: 'fail' });
});

test('no browser for an app window is a warning: the address works in any', async () => {
  const finding = await inFolder((folder) => checkBrowser({ PATH: folder }, 'linux'));
  expect(finding).toMatchObject({ status: 'warn' });
});

test('what is wrong is told with what to do, what is well without', () => {
  expect(describeFinding({ part: 'Disk', status: 'fail', detail: 'full', nextStep: 'free some' })).toBe(
    '✗ Disk: full\n    → free some',
  );
  expect(describeFinding({ part: 'Disk', status: 'ok', detail: '9 GB free' })).toBe('✓ Disk: 9 GB free');
});
