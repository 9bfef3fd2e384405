import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The window's state is written with runes, which the Svelte compiler has to see; everything else runs in plain Node.
export default defineConfig({
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  resolve: { conditions: ['browser'] },
  test: { name: 'renderer', include: ['test/unit/renderer/**/*.spec.ts'], root: join(import.meta.dirname, '../../..') },
});
