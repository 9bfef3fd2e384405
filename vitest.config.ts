import { defineConfig } from 'vitest/config';

// One project per kind of test, so that `npm test` can run the fast ones side by side and the heavy ones one at a time.
const project = (name: string, { heavy = false } = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    fileParallelism: !heavy,
    testTimeout: heavy ? 120_000 : 10_000,
    hookTimeout: heavy ? 120_000 : 10_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('contract'),
      project('scenario'),
      project('fault', { heavy: true }),
      project('model', { heavy: true }),
      project('device', { heavy: true }),
      // Written with runes: compiled by the Svelte plugin.
      './test/unit/renderer/vitest.config.ts',
    ],
  },
});
